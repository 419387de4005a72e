import type { Actor } from '../../src/core/act/act.ts';
import type { Log } from '../../src/core/desk.ts';

export const benchActor: Actor = {
  operatorId: '0197a000-0000-7000-8000-000000000001',
  login: 'registrar1',
  fullName: 'Sınaq Qeydiyyatçı',
  role: 'registrar',
  sessionId: 'session-1',
  authMethod: 'password_online',
};

export const silentLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
