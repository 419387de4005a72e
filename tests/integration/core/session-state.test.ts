import { expect, it } from 'vitest';
import { createTestClock } from '../../support/test-clock.ts';
import { createTestDesk } from '../../support/test-desk.ts';
import { createSessionState } from '../../../src/core/features/session/session-state.ts';

const opened = {
  operatorId: 'o',
  login: 'leyla',
  fullName: 'Leyla',
  roles: ['registrar'],
  role: 'registrar',
  authMethod: 'password_online',
  isOffline: false,
  signedInAtMs: 0,
} as const;

it('an idle session is locked by the clock, but never after the core was told to stop', async () => {
  const clock = createTestClock();
  const desk = await createTestDesk({ clock });
  const locks = () => desk.db.all("SELECT act FROM audit WHERE act = 'session.lock'").length;
  const idleLockMs = 60_000;

  const first = createSessionState(desk, idleLockMs);
  first.open({ ...opened, roles: [...opened.roles] });
  await clock.advance(idleLockMs + 1);
  expect(locks()).toBe(1);

  const second = createSessionState(desk, idleLockMs);
  second.open({ ...opened, roles: [...opened.roles] });
  second.stop();
  desk.close();
  await clock.advance(idleLockMs + 1);
});
