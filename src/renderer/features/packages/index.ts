export { OwnPapers } from './own-papers.tsx';
export { PackagePage } from './package-page.tsx';
export { PackagesPage } from './packages-page.tsx';
export { StepRail } from './step-rail.tsx';
export { ActList } from './act-list.tsx';
