export { CasePage } from './case-page.tsx';
export { PaperSheet } from './paper-flow.tsx';
export { PrintQuestion } from './print-question.tsx';
