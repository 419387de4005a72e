import type { signIn as azSignIn } from '../az/sign-in.ts';

/** Sign-in and lock. In English. */
export const signIn = {
  title: 'Sign in',
  login: 'User name',
  password: 'Password',
  showPassword: 'Show the password',
  role: 'Role',
  firstRole: 'The appointed role',
  submit: 'Sign in',
  offline: 'No link to the central registry. Those seen online at this desk within the last 7 days can sign in.',
  trainingOperators: 'Training operators',
  locked: 'The screen is locked',
  lockedHint: '{{name}} types the password to go on. The open work stays as it is.',
  unlock: 'Unlock',
  signOut: 'Sign out',
  signOutQuestion: 'Nothing saved is lost. Sign out?',
  changePassword: 'Change the password',
  mustChangeHint: 'Somebody else knows this password too. Set a new one to go on.',
  currentPassword: 'Current password',
  newPassword: 'New password',
  repeatPassword: 'New password again',
  passwordsDiffer: 'The two new passwords differ.',
  byCard: 'Sign in with the card',
  cardHint: 'Put your Asan ID card into the reader. You type PIN1 in the PIN window.',
  cardIn: 'Card: {{reader}}',
  cardTyping: 'Type PIN1 in the PIN window.',
  cardLocked:
    'The card left the reader, or the screen was locked. {{name}} puts in the same card and types PIN1. Open work stays as it is.',
  unlockByCard: 'Unlock with the card',
  noCard: 'There is no card in the reader: put in your own.',
} as const satisfies Record<keyof typeof azSignIn, string>;
