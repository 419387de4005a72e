export { ChangePasswordForm } from './change-password-form.tsx';
export { ChangePasswordPage } from './change-password-page.tsx';
export { LockScreen } from './lock-screen.tsx';
export { SignInPage } from './sign-in-page.tsx';
