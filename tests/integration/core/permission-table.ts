import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deskContract, type DeskContract } from '../../../src/shared/contract/index.ts';
import { roles, type Role } from '../../../src/shared/rules/vocabulary.ts';
import { refusalOf } from './test-core.ts';
import { openTestScreen, signInAs, type TestScreen } from './test-screen.ts';

type AnyOperation = (input: unknown) => Promise<unknown>;

/**
 * Calls every operation of the noun in every role and without a session, and compares who gets past the door with the table, which is written by
 * hand from procedures.md §16. The input is empty on purpose: the door comes before the form.
 */
export function provePermissions<Noun extends keyof DeskContract>(
  noun: Noun,
  allowed: Readonly<Record<keyof DeskContract[Noun] & string, readonly Role[]>>,
): void {
  describe(`who may call ${noun}`, () => {
    let screen: TestScreen;
    beforeAll(async () => {
      screen = await openTestScreen();
    });
    afterAll(() => screen.close());

    const call = (operation: string) => {
      const operations = screen.client[noun] as unknown as Record<string, AnyOperation>;
      return refusalOf((operations[operation] as AnyOperation)({}));
    };

    it('the table names every operation of the contract', () => {
      expect(Object.keys(allowed).sort()).toEqual(Object.keys(deskContract[noun]).sort());
    });
    it('nobody gets in before sign-in', async () => {
      for (const operation of Object.keys(allowed)) expect([operation, await call(operation)]).toEqual([operation, 'NOT_SIGNED_IN']);
    });
    it.each(roles)('%s', async (role) => {
      await signInAs(screen.client, role);
      const passed: string[] = [];
      for (const operation of Object.keys(allowed)) if ((await call(operation)) !== 'FORBIDDEN') passed.push(operation);
      const expected = Object.entries(allowed as Record<string, readonly Role[]>)
        .filter(([, who]) => who.includes(role))
        .map(([operation]) => operation);
      expect(passed).toEqual(expected);
    });
  });
}
