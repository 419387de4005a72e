import { expect, it } from 'vitest';
import { deskContract } from '../../../src/shared/contract/index.ts';
import { roles } from '../../../src/shared/rules/vocabulary.ts';
import { refusalOf } from './test-core.ts';
import { openTestScreen, signInAs } from './test-screen.ts';

it('a production desk answers FORBIDDEN to every training operation in every role', async () => {
  const screen = await openTestScreen({ identity: { mode: 'production' } });
  const operations = screen.client.training as unknown as Record<string, (input: unknown) => Promise<unknown>>;
  const faults = {
    isUnreachable: false,
    outages: [],
    latencyMs: 0,
    failActivations: 0,
    loseAnswers: 0,
    failWith: null,
    useExpiredCertificate: false,
  };
  const inputs: Readonly<Record<string, unknown>> = {
    setFaults: faults,
    insertCard: { readerName: 'Oxuyucu', chipSerialHex: '0'.repeat(20) },
    ejectCard: { readerName: 'Oxuyucu' },
  };
  for (const role of roles) {
    await signInAs(screen.client, role);
    for (const name of Object.keys(deskContract.training)) {
      expect([role, name, await refusalOf((operations[name] as (input: unknown) => Promise<unknown>)(inputs[name]))]).toEqual([
        role,
        name,
        'FORBIDDEN',
      ]);
    }
  }
  expect(await screen.client.session.signOut({})).toEqual({ done: true });
  expect(await screen.client.session.listTrainingOperators({})).toEqual([]);
  screen.close();
});
