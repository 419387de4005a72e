import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PackageView } from '../../../src/shared/contract/dispatch.ts';
import type { ProductionRow } from '../../../src/shared/contract/production.ts';
import type { RunningRegistry } from '../../../src/registry/index.ts';
import { createBlankState } from '../../../src/training/virtual-card/card-state.ts';
import { createInProcessReaders } from '../../../src/training/virtual-card/in-process.ts';
import { PlasticCard, VirtualReaders } from '../../../src/training/virtual-card/virtual-readers.ts';
import { startInProcessHost, type InProcessHost } from '../../support/cards/in-process-host.ts';
import { fillDraft, lookUpAll, newId } from './test-cases.ts';
import { failureOf, refusalOf, startTestCore, startTestRegistry, until, type TestCore } from './test-core.ts';

const reader = 'Qeyd Virtual Reader 0';
const serialOf = (index: number): string => `01000000${String(index).padStart(8, '0')}`;

/** A desk of the centre with a reader, a registry of its own, and requests that its own registrars sent. */
describe('a day at the personalisation desk', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'qeyd-centre-'));
  const asureFolder = path.join(folder, 'asure');
  const readers = new VirtualReaders([reader]);
  let registry: RunningRegistry;
  let stopRegistry: () => Promise<void>;
  let cards: InProcessHost;
  let core: TestCore;
  let handed: PackageView;

  const work = () => core.client.production.work();
  const rowOf = async (applicationId: string): Promise<ProductionRow> => {
    const row = (await work()).rows.find((each) => each.applicationId === applicationId);
    if (row === undefined) throw new Error('no such request');
    return row;
  };
  const prompt = async () => (await work()).batch?.prompt;
  const untilPrompt = (kind: string) => until(async () => (await prompt())?.kind === kind);
  const insert = (card = new PlasticCard(createBlankState())): PlasticCard => {
    readers.insert(reader, card);
    return card;
  };

  async function sendAsanId(fin: string): Promise<string> {
    const { applicationId } = await fillDraft(core.client, {
      fin,
      phone: '+994500000001',
      change: (data) => ({
        ...data,
        carrier: { ...data.carrier, kind: 'asan_id', phone: '', iccid: '', operator: '' },
        presented: { 'D-01': { isShown: true, validUntilOn: '', note: '' }, 'D-02': { isShown: true, validUntilOn: '', note: '' } },
      }),
    });
    await lookUpAll(core.client, applicationId, ['person', 'entitlement']);
    const { application } = await core.client.application.send({ commandId: newId(), applicationId });
    expect(application.state).toBe('PERSONALISING');
    return applicationId;
  }

  beforeAll(async () => {
    ({ registry, stop: stopRegistry } = await startTestRegistry());
    cards = startInProcessHost(createInProcessReaders(readers));
    core = await startTestCore(registry, { cards: cards.host, asureFolder });
    await core.signIn('ziya', 'registrar');
  });
  afterAll(async () => {
    await core.close();
    cards.close();
    await stopRegistry();
    rmSync(folder, { recursive: true, force: true });
  });

  let requests: string[] = [];

  it('PRS-02 T-03: what the registrars sent stands on the work list with its office and its due time', async () => {
    requests = [await sendAsanId('QYD0001'), await sendAsanId('QYD0002'), await sendAsanId('QYD0003')];
    await core.signIn('tural', 'personalisation_operator');
    await until(async () => (await work()).rows.length === 3);
    const row = await rowOf(requests[0] ?? '');
    expect(row).toMatchObject({ fin: 'QYD0001', signingKind: 'PER', photo: 'register', run: null });
    expect(row.dueAtMs).toBeGreaterThan(Date.now());
  });

  it('PRS-01: a delivery of blank cards is taken in once, and a useless one written off', async () => {
    const serials = [1, 2, 3, 4, 5, 6].map(serialOf);
    const takeIn = (deliveryId: string) => core.client.production.takeIn({ commandId: newId(), deliveryId, serials, note: '' });
    expect(await takeIn('D-2026-1')).toEqual({ taken: 6, known: [] });
    expect(await refusalOf(takeIn('D-2026-1'))).toBe('FIELDS_INVALID');
    expect(await refusalOf(takeIn('D-2026-2'))).toBe('CARD_ALREADY_USED');
    await core.client.production.writeOff({ commandId: newId(), serial: serialOf(6), reason: 'damaged', note: '' });
    expect((await work()).stock).toEqual({ free: 5, used: 0, written_off: 1 });
  });

  it('PRS-03: a batch prompts for each card, refuses one that is not blank, and leaves a torn one to a person', async () => {
    await core.client.production.startBatch({ commandId: newId(), applicationIds: requests, readerName: '' });
    expect(await refusalOf(core.client.production.startBatch({ commandId: newId(), applicationIds: requests, readerName: '' }))).toBe(
      'BATCH_OPEN',
    );
    await untilPrompt('insert');
    expect(await prompt()).toMatchObject({ kind: 'insert', serial: serialOf(1) });
    const first = insert();
    await untilPrompt('remove');
    readers.eject(reader);
    await untilPrompt('insert');
    readers.insert(reader, first);
    await untilPrompt('refused');
    expect(await prompt()).toMatchObject({ failure: { code: 'CARD_ALREADY_USED' } });
    readers.eject(reader);
    await untilPrompt('insert');
    // The second card is pulled out in the middle of its keys.
    const second = new PlasticCard(createBlankState());
    second.setFault({ kind: 'pull', atApdu: 12, moment: 'after' });
    insert(second);
    await untilPrompt('decide');
    const torn = (await rowOf(requests[1] ?? '')).run;
    if (torn === null) throw new Error('no card');
    expect(await core.client.production.inspect({ runId: torn.runId })).toMatchObject({ sight: 'none', action: 'insert', mayScrap: true });
    await core.client.production.scrapCard({ commandId: newId(), runId: torn.runId, reason: 'damaged', note: 'qırılıb' });
    await untilPrompt('insert');
    expect(await prompt()).toMatchObject({ applicationId: requests[1], serial: serialOf(3) });
    insert();
    await untilPrompt('remove');
    readers.eject(reader);
    await untilPrompt('insert');
    insert();
    await until(async () => (await work()).batch?.state === 'done');
    readers.eject(reader);
    const { rows, stock, envelopes } = await work();
    expect(rows.map(({ run }) => run?.state)).toEqual(['made', 'made', 'made']);
    expect(stock).toEqual({ free: 1, used: 4, written_off: 1 });
    expect(envelopes).toEqual({ printed: 3, spoilt: 0 });
    expect(cards.printed).toHaveLength(3);
  });

  it('PRS-05 PRS-08: the face is printed as it was looked at, and what Asure ID got is gone when it was printed', async () => {
    const runIds = (await work()).rows.flatMap(({ run }) => (run === null ? [] : [run.runId]));
    const shown = await core.client.production.face({ runId: runIds[0] ?? '' });
    expect(Buffer.from(shown.base64, 'base64').subarray(0, 5).toString()).toBe('%PDF-');
    const printers = await core.client.paper.listPrinters();
    await core.client.production.printFaces({ commandId: newId(), runIds, printer: printers[0]?.name ?? '' });
    const printFolder = path.join(core.folder, 'print');
    const printed = readdirSync(printFolder).filter((name) => name.includes('card-'));
    expect(printed).toHaveLength(3);
    const same = printed.map((name) => readFileSync(path.join(printFolder, name)).toString('base64'));
    expect(same).toContain(shown.base64);
    expect(await core.client.production.asureHandOver({ commandId: newId(), runIds })).toEqual({ rows: 3 });
    const { serials } = await core.client.production.asure();
    expect(serials).toHaveLength(3);
    expect(await core.client.production.asureDone({ commandId: newId(), serials })).toEqual({ rows: 3 });
    expect(readdirSync(asureFolder)).toEqual(['asure-cards.sqlite']);
  });

  it('PRS-06 PRS-07 M-18: only the card’s own envelope matches, once', async () => {
    const match = (card: string, envelope: string) => core.client.production.match({ commandId: newId(), card, envelope });
    expect(await refusalOf(match(serialOf(1), `${serialOf(3)}-01`))).toBe('M-18');
    expect(await refusalOf(match(serialOf(1), `${serialOf(1)}-02`))).toBe('ENVELOPE_OLD');
    expect(await refusalOf(match(serialOf(2), `${serialOf(2)}-01`))).toBe('CARD_UNKNOWN');
    expect(await match(serialOf(1), ` ${serialOf(1)}-01 `.toLowerCase())).toMatchObject({ left: 2 });
    expect(await refusalOf(match(serialOf(1), `${serialOf(1)}-01`))).toBe('CARD_MATCHED');
    expect(await match(serialOf(3), `${serialOf(3)}-01`)).toMatchObject({ left: 1 });
  });

  it('PRS-10 PRS-11: only matched cards are packed, none makes no package, and the spoilt card stands in the register', async () => {
    const [office] = await core.client.dispatch.ready();
    expect(office).toMatchObject({
      cards: [{ cardSerial: serialOf(1) }, { cardSerial: serialOf(3) }],
      spoilt: [{ serial: serialOf(2), reason: 'damaged' }],
    });
    const officeId = office?.officeId ?? '';
    const prepare = (runIds: string[]) => core.client.dispatch.prepare({ commandId: newId(), officeId, runIds });
    const unmatched = (await work()).rows.find(({ run }) => run?.isMatched === false)?.run?.runId ?? '';
    expect(await refusalOf(prepare([]))).toBe('PACKAGE_EMPTY');
    expect(await refusalOf(prepare([unmatched]))).toBe('CARD_NOT_READY');
    expect(await refusalOf(prepare(Array.from({ length: 501 }, (_, index) => `run-${index}`)))).toBe('PACKAGE_TOO_LARGE');
    handed = await prepare(office?.cards.map(({ runId }) => runId) ?? []);
    expect(handed).toMatchObject({ state: 'PREPARED', spoilt: [{ serial: serialOf(2), reason: 'damaged' }] });
    expect(await refusalOf(prepare(office?.cards.map(({ runId }) => runId) ?? []))).toBe('CARD_NOT_READY');
  });

  it('PRS-12 PRS-13 PRS-14: the courier is named, three registers and two acts come out, and only then the package leaves', async () => {
    const { packageNumber } = handed;
    const send = (change: object = {}) =>
      core.client.dispatch.send({ commandId: newId(), packageNumber, isAddressChecked: true, areCopiesSigned: true, ...change });
    const preparePapers = () => core.client.dispatch.preparePapers({ commandId: newId(), packageNumber });
    expect(await failureOf(preparePapers())).toMatchObject({ code: 'PAPER_NOT_POSSIBLE' });
    const named = { commandId: newId(), packageNumber, courierName: 'Rüfət Kazımov', courierFin: 'QYD0077' };
    expect(await refusalOf(core.client.dispatch.nameCourier({ ...named, courierFin: 'QYD-77' }))).toBe('FIELDS_INVALID');
    await core.client.dispatch.nameCourier({ ...named, commandId: newId() });
    const { papers } = await preparePapers();
    expect(papers.map(({ form, copy }) => `${form} ${copy}`)).toEqual(['F-25 1', 'F-25 2', 'F-25 3', 'F-24 1', 'F-24 2']);
    expect(await failureOf(send())).toMatchObject({ code: 'STEP_NOT_POSSIBLE' });
    const printers = await core.client.paper.listPrinters();
    const paperIds = papers.map(({ paperId }) => paperId);
    await core.client.paper.print({ commandId: newId(), paperIds, printer: printers[0]?.name ?? '' });
    await core.client.paper.confirm({ commandId: newId(), paperIds, verdict: 'good', reason: '' });
    expect(await failureOf(send({ isAddressChecked: false }))).toMatchObject({ data: { params: { reason: 'ADDRESS_NOT_CHECKED' } } });
    expect(await refusalOf(send({ areCopiesSigned: false }))).toBe('COPIES_NOT_SIGNED');
    handed = await send();
    expect(handed).toMatchObject({ state: 'WITH_COURIER', registerNumber: papers[0]?.number, courierFin: 'QYD0077' });
  });

  it('the registry took every word of it: the cards are on their way, the spoilt one is out', async () => {
    await until(() => Promise.resolve(core.desk.sync.queue().queued === 0));
    const refused = core.desk.db.all('SELECT kind, last_answer FROM outbox WHERE state NOT IN (0, 1)');
    expect(refused).toEqual([]);
    await until(async () => (await work()).rows.length === 1);
    await core.signIn('ziya', 'registrar');
    const states = await Promise.all(requests.map(async (applicationId) => (await core.client.application.get({ applicationId })).state));
    expect(states).toEqual(['DISPATCHED', 'DISPATCHED', 'PERSONALISING']);
  });
});
