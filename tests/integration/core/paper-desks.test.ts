import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningRegistry } from '../../../src/registry/index.ts';
import { drained, newId, printCertificates, printForm, sendCase, signContract } from './test-cases.ts';
import { failureOf, startTestCore, startTestRegistry, until, type TestCore } from './test-core.ts';

/** Papers are the ledger of the desk that printed them; what the acts say of them is known everywhere. Source: ADR 0012 */
describe('a case that goes from desk to desk', () => {
  let registry: RunningRegistry;
  let stopRegistry: () => Promise<void>;
  let first: TestCore;
  let second: TestCore;
  let applicationId: string;

  beforeAll(async () => {
    ({ registry, stop: stopRegistry } = await startTestRegistry());
    first = await startTestCore(registry);
    second = await startTestCore(registry, { deskId: 'desk-02' });
    await first.signIn('leyla');
    await second.signIn('leyla');
    ({ applicationId } = await sendCase(first));
    await signContract(first, applicationId);
    await drained(first, applicationId);
    await hand(first, second, 'CERT_PRINTED');
  });
  afterAll(async () => {
    await first.close();
    await second.close();
    await stopRegistry();
  });

  async function hand(from: TestCore, to: TestCore, state: string): Promise<void> {
    await from.client.application.release({ applicationId });
    await until(async () => (await to.client.application.search({ text: 'QYD0001' })).some((row) => row.state === state));
    await to.client.application.claim({ applicationId });
  }
  const prepare = (core: TestCore, form: 'appendix-5' | 'appendix-10' | 'F-20', certificateSerial = '') =>
    core.client.paper.prepare({ commandId: newId(), applicationId, form, certificateSerial });
  const elsewhere = { code: 'PAPER_NOT_POSSIBLE', data: { params: { reason: 'PRINTED_ELSEWHERE' } } };

  it('COM-08 SIM-12: the second desk goes on from the signed contract and prints no other', async () => {
    expect(await second.client.paper.list({ applicationId })).toEqual([]);
    expect(await second.client.application.get({ applicationId })).toMatchObject({
      state: 'CERT_PRINTED',
      nextAction: 'print_certificate',
    });
    expect(await failureOf(prepare(second, 'appendix-5'))).toMatchObject(elsewhere);
    expect(await prepare(first, 'appendix-5')).toHaveLength(2);
  });

  it('COM-08 SIM-14: the number that both signed is known at the second desk, and the case is found by it there', async () => {
    const [paper] = await first.client.paper.list({ applicationId });
    const number = paper?.number ?? '';
    expect(number).toMatch(/^BAK1-01-/u);
    for (const core of [first, second]) {
      expect((await core.client.application.get({ applicationId })).contract).toEqual({ number, isSigned: true });
      const found = await core.client.application.search({ text: number, limit: 30 });
      expect(found).toMatchObject([{ applicationId, contractNumber: number }]);
    }
  });

  it('SIM-15 SIM-17: no act speaks of a paper certificate, so the second desk prints it, and the first knows the notice by the hand-over', async () => {
    await printCertificates(second, await second.client.application.get({ applicationId }));
    await second.client.application.activate({ commandId: newId(), applicationId });
    await printForm(second, applicationId, 'appendix-10');
    const returnedOriginals = ['D-02', 'D-09', 'D-10'].map((document) => ({ document, note: '' }));
    await second.client.application.handOver({ commandId: newId(), applicationId, returnedOriginals });
    await drained(second, applicationId);
    await hand(second, first, 'HANDED');
    const { nextAction, certificates } = await first.client.application.get({ applicationId });
    expect(nextAction).toBe('scan');
    expect(await failureOf(prepare(first, 'appendix-10'))).toMatchObject(elsewhere);
    const serial = certificates.find(({ kind }) => kind !== 'AUT')?.serial;
    expect(await failureOf(prepare(first, 'F-20', serial))).toMatchObject(elsewhere);
  });

  it('COM-14: what was written when the applicant took an application back is read at the other desk', async () => {
    const { applicationId: other } = await sendCase(first, { fin: 'QYD0010', phone: '+994500000010' });
    const reason = 'Ərizəçi fikrindən daşındı';
    await first.client.application.withdraw({ commandId: newId(), applicationId: other, reason });
    await drained(first, other);
    await until(async () => (await second.client.application.search({ text: 'QYD0010' })).some((row) => row.state === 'WITHDRAWN'));
    const { refusal } = await second.client.application.get({ applicationId: other });
    expect(refusal).toMatchObject({ reasonCode: 'withdrawn', note: reason });
  });
});
