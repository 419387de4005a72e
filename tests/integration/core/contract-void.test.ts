import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningRegistry } from '../../../src/registry/index.ts';
import { drained, newId, printCertificates, printForm, sendCase, signContract } from './test-cases.ts';
import { refusalOf, startTestCore, startTestRegistry, until, type TestCore } from './test-core.ts';

/** The signed contract is spoilt or lost afterwards: its number is void, and so is what stood under it. */
describe('a contract that becomes void after its signatures', () => {
  let registry: RunningRegistry;
  let stopRegistry: () => Promise<void>;
  let core: TestCore;
  let applicationId: string;

  beforeAll(async () => {
    ({ registry, stop: stopRegistry } = await startTestRegistry());
    core = await startTestCore(registry);
    await core.signIn('leyla');
    ({ applicationId } = await sendCase(core));
    await signContract(core, applicationId);
    await printCertificates(core, await drained(core, applicationId));
  });
  afterAll(async () => {
    await core.close();
    await stopRegistry();
  });

  const get = () => core.client.application.get({ applicationId });
  const voidContract = async () => {
    const papers = await core.client.paper.list({ applicationId });
    const copy = papers.find(({ form, state }) => form === 'appendix-5' && state === 'printed');
    await core.client.paper.confirm({
      commandId: newId(),
      paperIds: [copy?.paperId ?? ''],
      verdict: 'spoilt',
      reason: 'imza yeri cırılıb',
    });
    return copy?.number ?? '';
  };
  const activate = () => core.client.application.activate({ commandId: newId(), applicationId });
  const returnedOriginals = ['D-02', 'D-09', 'D-10'].map((document) => ({ document, note: '' }));
  const handOver = () => core.client.application.handOver({ commandId: newId(), applicationId, returnedOriginals });
  const signedNumbers = () =>
    core.desk.db
      .all(
        "SELECT CAST(e.envelope AS TEXT) AS text FROM outbox o JOIN outbox_envelopes e ON e.seq = o.seq WHERE o.kind = 'application.sign_contract' ORDER BY o.seq",
      )
      .map((row) => (JSON.parse(String(row['text'])) as { payload: { paperNumber: string } }).payload.paperNumber);

  it('COM-08 M-44: before activation the case waits for a new contract and both signatures', async () => {
    expect((await get()).nextAction).toBe('activate');
    await voidContract();
    expect(await get()).toMatchObject({ state: 'CERT_PRINTED', nextAction: 'print_contract', contract: { number: '', isSigned: false } });
    expect(await refusalOf(activate())).toBe('STEP_NOT_POSSIBLE');
    await printForm(core, applicationId, 'appendix-5');
    expect((await get()).nextAction).toBe('confirm_signed');
    const half = { commandId: newId(), applicationId, centreSigned: true, applicantSigned: false };
    expect(await refusalOf(core.client.application.confirmContractSigned(half))).toBe('M-44');
  });

  it('what the registry publishes of the first signing does not bring the void signatures back', async () => {
    await core.client.application.release({ applicationId });
    await core.client.application.claim({ applicationId });
    await until(() => Number(core.desk.db.get("SELECT rev FROM entity_revs WHERE entity = 'application'")?.['rev']) >= 2);
    expect((await get()).nextAction).toBe('confirm_signed');
  });

  it('COM-08: the registry learns the second contract by its number', async () => {
    const { application } = await core.client.application.confirmContractSigned({
      commandId: newId(),
      applicationId,
      centreSigned: true,
      applicantSigned: true,
    });
    expect(application).toMatchObject({ state: 'CERT_PRINTED', nextAction: 'activate' });
    const { timeline } = await drained(core, applicationId);
    expect(timeline.filter(({ act }) => act === 'application.sign_contract').map(({ sync }) => sync)).toEqual(['registered', 'registered']);
    expect(new Set(signedNumbers()).size).toBe(2);
  });

  it('COM-08: after activation the hand-over waits; after the hand-over the signatures stay', async () => {
    expect((await activate()).application.state).toBe('ACTIVATING');
    await printForm(core, applicationId, 'appendix-10');
    await voidContract();
    expect(await get()).toMatchObject({ state: 'ACTIVATING', nextAction: 'print_contract' });
    expect(await refusalOf(handOver())).toBe('STEP_NOT_POSSIBLE');
    expect((await signContract(core, applicationId)).nextAction).toBe('hand_over');
    expect((await handOver()).application.state).toBe('HANDED');
    await voidContract();
    expect(await drained(core, applicationId)).toMatchObject({ state: 'HANDED', nextAction: 'scan' });
    expect(new Set(signedNumbers()).size).toBe(3);
  });

  it('SIM-14: a paper counts as signed by its own record of signing, wherever the case stands', async () => {
    expect((await get()).contract).toEqual({ number: '', isSigned: false });
    const [copy] = await printForm(core, applicationId, 'appendix-5');
    expect(await get()).toMatchObject({ state: 'HANDED', contract: { number: copy?.number, isSigned: false } });
  });
});
