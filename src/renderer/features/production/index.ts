export { ProductionPage } from './production-page.tsx';
