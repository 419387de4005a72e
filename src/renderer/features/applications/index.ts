export { ApplicationList } from './application-list.tsx';
export { ApplicationsPage } from './applications-page.tsx';
