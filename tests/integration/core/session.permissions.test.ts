import { afterAll, beforeAll, expect, it } from 'vitest';
import { deskContract } from '../../../src/shared/contract/index.ts';
import { roles } from '../../../src/shared/rules/vocabulary.ts';
import { refusalOf } from './test-core.ts';
import { openTestScreen, signInAs, type TestScreen } from './test-screen.ts';

/** Who may call `session` before sign-in; everybody signed in may call all of it, in every role. */
const beforeSignIn: Readonly<Record<keyof typeof deskContract.session, boolean>> = {
  current: true,
  listTrainingOperators: true,
  signIn: true,
  cards: true,
  signInWithCard: true,
  unlockWithCard: true,
  cancelCard: true,
  changeRole: false,
  lock: false,
  unlock: true,
  changePassword: false,
  signOut: false,
  touch: false,
};

let screen: TestScreen;
beforeAll(async () => {
  screen = await openTestScreen();
});
afterAll(() => screen.close());

/** The input is empty on purpose: the door comes before the form. */
const call = (name: string) => {
  const operations = screen.client.session as unknown as Record<string, (input: unknown) => Promise<unknown>>;
  return refusalOf((operations[name] as (input: unknown) => Promise<unknown>)({}));
};

it('the table names every operation of the contract', () => {
  expect(Object.keys(beforeSignIn).sort()).toEqual(Object.keys(deskContract.session).sort());
});
it('before sign-in only the door itself answers', async () => {
  for (const [name, isOpen] of Object.entries(beforeSignIn)) {
    if (!isOpen) expect([name, await call(name)]).toEqual([name, 'NOT_SIGNED_IN']);
  }
  expect(await call('current')).toBe('no refusal');
});
it.each(roles)('%s may change his own password', async (role) => {
  await signInAs(screen.client, role);
  expect(await call('changePassword')).toBe('BAD_REQUEST');
});
