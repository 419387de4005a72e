export { PinRequestPage } from './pin-request-page.tsx';
export { PinRequestsPage } from './pin-requests-page.tsx';
