import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningRegistry } from '../../../src/registry/index.ts';
import { drained, newId, printCertificates, printForm, sendCase, signContract } from '../core/test-cases.ts';
import { refusalOf, startTestCore, startTestRegistry, type TestCore } from '../core/test-core.ts';

/** Two windows press the last button of a step at the same moment, each with a command of its own. */
async function fromTwoWindows(act: (commandId: string) => Promise<unknown>): Promise<string[]> {
  return Promise.all([refusalOf(act(newId())), refusalOf(act(newId()))]);
}

describe('two windows that finish the same case', () => {
  let registry: RunningRegistry;
  let stopRegistry: () => Promise<void>;
  let core: TestCore;

  beforeAll(async () => {
    ({ registry, stop: stopRegistry } = await startTestRegistry());
    core = await startTestCore(registry);
    await core.signIn('ziya', 'registrar');
  });
  afterAll(async () => {
    await core.close();
    await stopRegistry();
  });

  it('SIM-14 SIM-16 SIM-19: each step is done once, the other window is told why not, and the registry has one act of each', async () => {
    const sent = await sendCase(core);
    const { applicationId } = sent;
    const signed = await signContract(core, applicationId);
    const again = await refusalOf(
      core.client.application.confirmContractSigned({ commandId: newId(), applicationId, centreSigned: true, applicantSigned: true }),
    );
    expect(again).toBe('STEP_NOT_POSSIBLE');
    await printCertificates(core, signed);

    const activations = await fromTwoWindows((commandId) => core.client.application.activate({ commandId, applicationId }));
    expect(activations.filter((code) => code === 'no refusal')).toHaveLength(1);
    await printForm(core, applicationId, 'appendix-10');

    const returnedOriginals = ['D-02', 'D-09', 'D-10'].map((document) => ({ document, note: '' }));
    const handedOver = await fromTwoWindows((commandId) =>
      core.client.application.handOver({ commandId, applicationId, returnedOriginals }),
    );
    expect(handedOver.filter((code) => code === 'no refusal')).toHaveLength(1);
    expect(handedOver).toContain('STEP_NOT_POSSIBLE');

    const { state, timeline } = await drained(core, applicationId);
    expect(state).toBe('HANDED');
    for (const act of ['send', 'sign_contract', 'activate', 'hand_over']) {
      const done = timeline.filter((entry) => entry.act.endsWith(act) && entry.sync === 'registered');
      expect(done, act).toHaveLength(1);
    }
  });
});
