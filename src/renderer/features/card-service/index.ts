export { CardDiagnosisPage } from './diagnosis-page.tsx';
export { CardServicePage } from './card-service-page.tsx';
