export { LockScreen } from './lock-screen.tsx';
export { SignInPage } from './sign-in-page.tsx';
