import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningRegistry } from '../../../src/registry/index.ts';
import { trainingPassword } from '../../../src/registry/index.ts';
import { findApplication } from '../../../src/core/storage/repositories/application-repository.ts';
import type { PackageView } from '../../../src/shared/contract/package.ts';
import { courierFin, envelopeAt, seedPackage, serialAt } from '../../support/packages.ts';
import { newId } from './test-cases.ts';
import { failureOf, refusalOf, startTestCore, startTestRegistry, type TestCore } from './test-core.ts';

/** The registry is away the whole time: what stands here is done without the link. */
describe('receipt of a package', () => {
  let registry: RunningRegistry;
  let stopRegistry: () => Promise<void>;
  let core: TestCore;
  const id = (packageNumber: string) => ({ commandId: newId(), packageNumber });

  beforeAll(async () => {
    ({ registry, stop: stopRegistry } = await startTestRegistry());
    core = await startTestCore(registry);
    // Both were seen online once: their proofs let them in later.
    await core.signIn('aygun');
    await core.signIn('leyla');
    await registry.setFaults({ isUnreachable: true });
  });
  afterAll(async () => {
    await core.close();
    await stopRegistry();
  });

  const print = async (papers: readonly { paperId: string }[]): Promise<void> => {
    const paperIds = papers.map(({ paperId }) => paperId);
    const [printer] = await core.client.paper.listPrinters();
    await core.client.paper.print({ commandId: newId(), paperIds, printer: printer?.name ?? '' });
    await core.client.paper.confirm({ commandId: newId(), paperIds, verdict: 'good' });
  };
  const queuedOf = (packageNumber: string): string[] =>
    core.desk.db
      .all("SELECT kind FROM outbox WHERE aggregate = @key OR aggregate LIKE 'application:%' ORDER BY seq", {
        key: `package:${packageNumber}`,
      })
      .map((row) => String(row['kind']));
  const stepOf = (view: PackageView, step: string) => view.steps.find((each) => each.step === step);
  /** To the moment when the first barcode may be read. */
  const receive = async (packageNumber: string, cards: number): Promise<void> => {
    seedPackage(core.desk, packageNumber, cards);
    await core.client.package.arrive({ ...id(packageNumber), courierFin, isDamaged: false });
    await print(await core.client.package.prepareAct(id(packageNumber)));
    await core.client.package.signAct({ ...id(packageNumber), login: 'aygun', password: trainingPassword('aygun') });
    await core.client.package.record({ ...id(packageNumber), courierName: 'Əşrəf Göyçaylı' });
  };
  const read = (packageNumber: string, code: string, isDamaged = false) =>
    core.client.package.scan({ ...id(packageNumber), code, isDamaged });

  it('PKG-07: a number that nobody knows is told, and nothing changes', async () => {
    expect(await refusalOf(core.client.package.find({ packageNumber: 'TLM1-P-999999' }))).toBe('PACKAGE_NOT_FOUND');
    expect(await refusalOf(core.client.package.arrive({ ...id('TLM1-P-999999'), courierFin, isDamaged: false }))).toBe('PACKAGE_NOT_FOUND');
    expect((await core.client.package.list({})).rows).toEqual([]);
  });

  it('PKG-04 M-16: another FİN than that of the dispatch record stops the identification, and only the centre’s answer opens it', async () => {
    const packageNumber = 'TLM1-P-000016';
    seedPackage(core.desk, packageNumber, 2);
    const stopped = await core.client.package.arrive({ ...id(packageNumber), courierFin: 'qyd 9002', isDamaged: true });
    expect(stopped.package).toMatchObject({ state: 'ID_FAILED', isDamaged: false });
    expect(stopped.notices.map(({ code }) => code)).toEqual(['M-16']);
    expect(JSON.stringify(stopped)).not.toContain(courierFin);
    expect(await failureOf(core.client.package.answerCentre({ ...id(packageNumber), isAccepted: true, note: '' }))).toMatchObject({
      code: 'STEP_NOT_POSSIBLE',
      data: { params: { reason: 'CENTRE_NOT_ASKED' } },
    });
    const opened = await core.client.package.answerCentre({ ...id(packageNumber), isAccepted: true, note: 'Mərkəz kuryeri dəyişib' });
    expect(opened.package.state).toBe('AT_OFFICE');
    expect(queuedOf(packageNumber)).toEqual(['package.arrive', 'package.arrive']);
  });

  it('PKG-05 M-17: a damaged package is not registered and goes back with the register of its cards', async () => {
    const packageNumber = 'TLM1-P-000017';
    seedPackage(core.desk, packageNumber, 2);
    const arrived = await core.client.package.arrive({ ...id(packageNumber), courierFin, isDamaged: true, note: 'Künc cırılıb' });
    expect(arrived.package.state).toBe('DAMAGED');
    expect(arrived.notices.map(({ code }) => code)).toEqual(['M-17']);
    expect(await refusalOf(core.client.package.prepareAct(id(packageNumber)))).toBe('PAPER_NOT_POSSIBLE');
    expect(stepOf(arrived.package, 'return_all')).toMatchObject({ state: 'open', reason: 'REGISTER_NEEDED' });
    expect(await refusalOf(core.client.package.returnAll(id(packageNumber)))).toBe('STEP_NOT_POSSIBLE');
    await print(await core.client.package.prepareReturn({ ...id(packageNumber), form: 'F-26' }));
    const returned = await core.client.package.returnAll(id(packageNumber));
    expect(returned.package.state).toBe('RETURNED');
    const item = arrived.package.lines[0]?.id ?? '';
    expect(findApplication(core.desk.db, item)?.state).toBe('PERSONALISING');
    expect(queuedOf(packageNumber).slice(-3)).toEqual(['package.return', 'card.return', 'card.return']);
  });

  it('PKG-06 COU-03: the officer signs beside the registrar with his own password, after both copies of the act came out', async () => {
    const packageNumber = 'TLM1-P-000006';
    seedPackage(core.desk, packageNumber, 1);
    const arrived = await core.client.package.arrive({ ...id(packageNumber), courierFin, isDamaged: false });
    expect(stepOf(arrived.package, 'sign_act')).toMatchObject({ state: 'open', reason: 'ACT_NOT_SIGNED' });
    const acts = await core.client.package.prepareAct(id(packageNumber));
    expect(acts.map(({ copy, copies, form }) => `${form} ${copy}/${copies}`)).toEqual(['F-24 1/2', 'F-24 2/2']);
    const sign = (login: string, password: string) => core.client.package.signAct({ ...id(packageNumber), login, password });
    expect(await refusalOf(sign('aygun', trainingPassword('aygun')))).toBe('STEP_NOT_POSSIBLE');
    await print(acts);
    expect(await failureOf(sign('', ''))).toMatchObject({ data: { params: { reason: 'NEEDS_OFFICER' } } });
    expect(await refusalOf(sign('aygun', 'yanlış'))).toBe('SIGN_IN_REFUSED');
    // The registrar's own password makes no officer of him.
    expect(await refusalOf(sign('leyla', trainingPassword('leyla')))).toBe('FORBIDDEN');
    const signed = await sign('aygun', trainingPassword('aygun'));
    expect(signed.package).toMatchObject({ state: 'ACT_SIGNED', actNumber: acts[0]?.number });
    expect(signed.package.timeline.at(-1)).toMatchObject({ act: 'package.sign_act', sync: 'queued' });
    expect(signed.package.timeline.at(-1)?.operatorName).not.toBe(signed.package.timeline[0]?.operatorName);
    expect((await core.client.session.current())?.login).toBe('leyla');
  });

  it('PKG-08: the courier is recorded by name before anything is read', async () => {
    const packageNumber = 'TLM1-P-000006';
    expect(await refusalOf(read(packageNumber, serialAt(1)))).toBe('STEP_NOT_POSSIBLE');
    expect(await failureOf(core.client.package.record({ ...id(packageNumber), courierName: ' ' }))).toMatchObject({
      data: { params: { reason: 'COURIER_NAME_MISSING' } },
    });
    const recorded = await core.client.package.record({ ...id(packageNumber), courierName: 'Əşrəf Göyçaylı' });
    expect(recorded.package).toMatchObject({ state: 'RECORDED', receivedCourierName: 'Əşrəf Göyçaylı' });
  });

  it('PKG-11 PKG-12: every card and envelope read and green, one confirmation registers all', async () => {
    const packageNumber = 'TLM1-P-000011';
    await receive(packageNumber, 3);
    for (const at of [1, 2, 3]) {
      expect((await read(packageNumber, serialAt(at))).scan).toMatchObject({ side: 'card', verdict: 'right' });
      expect((await read(packageNumber, ` ${envelopeAt(at).toLowerCase()} `)).scan).toMatchObject({ side: 'envelope', verdict: 'right' });
    }
    const counted = await core.client.package.find({ packageNumber });
    expect(counted.lines.every(({ isGreen }) => isGreen)).toBe(true);
    expect(counted.counts).toMatchObject({ expected: 3, cards: 3, envelopes: 3, open: 0, stop: null });
    expect(await refusalOf(core.client.package.confirm(id(packageNumber)))).toBe('STEP_NOT_POSSIBLE');
    await core.client.package.check(id(packageNumber));
    const confirmed = await core.client.package.confirm(id(packageNumber));
    expect(confirmed.package.state).toBe('CONFIRMED');
    for (const { id: item } of confirmed.package.lines) expect(findApplication(core.desk.db, item)?.state).toBe('READY');
    expect(queuedOf(packageNumber).slice(-4)).toEqual(['package.confirm', 'card.receive', 'card.receive', 'card.receive']);
  });

  it('PKG-09 M-18 F-26: a wrong serial is named on the spot, stands red, and goes back with its register', async () => {
    const packageNumber = 'TLM1-P-000009';
    await receive(packageNumber, 2);
    await read(packageNumber, serialAt(1));
    await read(packageNumber, envelopeAt(1));
    await read(packageNumber, envelopeAt(2));
    const wrong = await read(packageNumber, '0100000000099999');
    expect(wrong.scan.verdict).toBe('surplus');
    expect(wrong.notices).toEqual([{ code: 'M-18', params: { kart: '0100000000099999', sistem: packageNumber } }]);
    expect((await read(packageNumber, serialAt(1))).scan.verdict).toBe('twice');
    const counted = (await core.client.package.find({ packageNumber })).counts;
    expect(counted).toMatchObject({ missingCards: [serialAt(2)], twiceCards: [serialAt(1)], open: 2 });
    expect(await refusalOf(core.client.package.check(id(packageNumber)))).toBe('STEP_NOT_POSSIBLE');
    await core.client.package.decide({
      ...id(packageNumber),
      side: 'card',
      subject: '0100000000099999',
      decision: 'returned',
      note: '',
    });
    const view = await core.client.package.find({ packageNumber });
    const line = view.lines.find(({ isGreen }) => !isGreen);
    // The envelope without its card cannot be argued away; the card without a scan can, with a reason.
    await core.client.package.decide({ ...id(packageNumber), side: 'line', subject: line?.id ?? '', decision: 'returned', note: '' });
    expect(await failureOf(core.client.package.check(id(packageNumber)))).toMatchObject({ data: { params: { reason: 'LINES_OPEN' } } });
    await print(await core.client.package.prepareReturn({ ...id(packageNumber), form: 'F-26' }));
    await print(await core.client.package.prepareReturn({ ...id(packageNumber), form: 'F-27' }));
    const checked = await core.client.package.check(id(packageNumber));
    expect(checked.package.state).toBe('CHECKED');
    expect(findApplication(core.desk.db, line?.id ?? '')?.state).toBe('PERSONALISING');
    const confirmed = await core.client.package.confirm(id(packageNumber));
    expect(confirmed.package.state).toBe('CONFIRMED');
    expect(queuedOf(packageNumber).slice(-5)).toEqual(['package.check', 'card.receive', 'card.return', 'package.confirm', 'card.receive']);
  });

  it('PKG-10 M-19 F-27: a torn envelope is never registered, whatever is written, and goes back with its card', async () => {
    const packageNumber = 'TLM1-P-000010';
    await receive(packageNumber, 1);
    await read(packageNumber, serialAt(1));
    const torn = await read(packageNumber, envelopeAt(1), true);
    expect(torn.notices.map(({ code }) => code)).toEqual(['M-19']);
    const line = torn.package.lines[0];
    expect(line).toMatchObject({ envelope: 'damaged', isGreen: false, stop: 'M-19' });
    const decide = (decision: 'removed' | 'returned') =>
      core.client.package.decide({ ...id(packageNumber), side: 'line', subject: line?.id ?? '', decision, note: 'Yapışdırılıb' });
    expect(await refusalOf(decide('removed'))).toBe('M-19');
    await decide('returned');
    const register = await core.client.package.prepareReturn({ ...id(packageNumber), form: 'F-27' });
    expect(register.map(({ copies }) => copies)).toEqual([2, 2]);
    await print(register);
    await core.client.package.check(id(packageNumber));
    expect((await core.client.package.confirm(id(packageNumber))).package.state).toBe('CONFIRMED');
    expect(queuedOf(packageNumber).slice(-4)).toEqual(['package.check', 'card.receive', 'card.return', 'package.confirm']);
  });

  it('PKG-10 M-20: counts that differ are said with both figures', async () => {
    const packageNumber = 'TLM1-P-000020';
    await receive(packageNumber, 2);
    for (const code of [serialAt(1), serialAt(2), envelopeAt(1)]) await read(packageNumber, code);
    expect(await failureOf(core.client.package.check(id(packageNumber)))).toMatchObject({ code: 'M-20', data: { params: { a: 2, b: 1 } } });
  });

  it('PKG-09: where the technical problem was removed, the reason stands with the card and it is registered', async () => {
    const packageNumber = 'TLM1-P-000021';
    await receive(packageNumber, 1);
    await read(packageNumber, envelopeAt(1));
    const line = (await core.client.package.find({ packageNumber })).lines[0];
    const remove = (note: string) =>
      core.client.package.decide({ ...id(packageNumber), side: 'line', subject: line?.id ?? '', decision: 'removed', note });
    expect(await failureOf(remove(''))).toMatchObject({ data: { params: { reason: 'REASON_NEEDED' } } });
    await remove('Ştrix-kod oxunmur, nömrə gözlə tutuşduruldu');
    await core.client.package.check(id(packageNumber));
    const confirmed = await core.client.package.confirm(id(packageNumber));
    expect(findApplication(core.desk.db, confirmed.package.lines[0]?.id ?? '')?.state).toBe('READY');
  });

  it('PKG-11: an empty package is confirmed with one command, and the same confirmation twice is one', async () => {
    const packageNumber = 'TLM1-P-000000';
    await receive(packageNumber, 0);
    await core.client.package.check(id(packageNumber));
    const before = queuedOf(packageNumber).length;
    const again = id(packageNumber);
    await core.client.package.confirm(again);
    await core.client.package.confirm(again);
    expect(queuedOf(packageNumber).length - before).toBe(1);
  });

  it('PKG-06: whoever only looks brings no signature about, and a registrar alone registers', async () => {
    const packageNumber = 'TLM1-P-000030';
    seedPackage(core.desk, packageNumber, 1);
    await core.client.package.arrive({ ...id(packageNumber), courierFin, isDamaged: false });
    await print(await core.client.package.prepareAct(id(packageNumber)));
    await core.signIn('aygun');
    const signed = await core.client.package.signAct(id(packageNumber));
    expect(signed.package.state).toBe('ACT_SIGNED');
    expect(await refusalOf(core.client.package.record({ ...id(packageNumber), courierName: 'Əşrəf Göyçaylı' }))).toBe('FORBIDDEN');
    await core.signIn('leyla');
  });
});
