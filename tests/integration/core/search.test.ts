import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApplicationView } from '../../../src/shared/contract/application.ts';
import type { RunningRegistry } from '../../../src/registry/index.ts';
import { sendCase } from './test-cases.ts';
import { startTestCore, startTestRegistry, type TestCore } from './test-core.ts';

describe('finding a case', () => {
  let registry: RunningRegistry;
  let stopRegistry: () => Promise<void>;
  let core: TestCore;
  let sent: ApplicationView;

  beforeAll(async () => {
    ({ registry, stop: stopRegistry } = await startTestRegistry());
    core = await startTestCore(registry);
    await core.signIn('leyla');
    sent = await sendCase(core);
  });
  afterAll(async () => {
    await core.close();
    await stopRegistry();
  });

  const idsOf = async (text: string) =>
    (await core.client.application.search({ text, limit: 30 })).map(({ applicationId }) => applicationId);

  it.each(['+994 50 000 00 01', '0500000001'])(
    'CR-10: the Asan İmza number %s leads to the serials of its certificates',
    async (number) => {
      const [found, ...others] = await idsOf(number);
      expect(others).toEqual([]);
      const { certificates } = await core.client.application.get({ applicationId: found ?? '' });
      expect(certificates.map(({ kind }) => kind)).toEqual(['AUT', 'PER']);
      const known = await Promise.all(certificates.map(({ serial }) => idsOf(serial)));
      expect(known).toEqual([[sent.applicationId], [sent.applicationId]]);
    },
  );

  it.each(['quliyeva', 'Nuray', 'elçin', 'elcin', 'nuray elçin', 'quliyeva elcin'])(
    'the name %s finds, the father’s alone too',
    async (name) => {
      expect(await idsOf(name)).toEqual([sent.applicationId]);
    },
  );

  it.each(['+994500000002', 'elçinov', 'nuray rəşad'])('%s finds nothing', async (text) => {
    expect(await idsOf(text)).toEqual([]);
  });
});
