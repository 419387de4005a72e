import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createPersonaliser } from '../../../src/core/cards/index.ts';
import {
  countEnvelopes,
  findRunOfRequest,
  listEnvelopes,
  listRuns,
  listSteps,
} from '../../../src/core/storage/repositories/production-repository.ts';
import { createBlankState } from '../../../src/training/virtual-card/card-state.ts';
import { startInProcessHost, type InProcessHost } from '../../support/cards/in-process-host.ts';
import {
  createPersonalisationDesk,
  personaliser as tural,
  playRegistry,
  requestOf,
  serialOf,
  type PlayedRegistry,
} from '../../support/cards/personalisation-desk.ts';
import { putCard, readerName, type ReaderWithCard } from '../../support/cards/reader-with-card.ts';
import type { TestDesk } from '../../support/test-desk.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

interface Stand {
  readonly desk: TestDesk;
  readonly place: ReaderWithCard;
  readonly host: InProcessHost;
  readonly registry: PlayedRegistry;
  readonly make: ReturnType<typeof createPersonaliser>;
}

let registry: PlayedRegistry;
beforeAll(async () => {
  registry = await playRegistry();
});

async function stand(place = putCard(createBlankState())): Promise<Stand> {
  registry.claims.clear();
  registry.next.clear();
  const desk = await createPersonalisationDesk(registry, { requests: 3, blanks: 4 });
  const host = startInProcessHost(place.readers);
  closers.push(() => {
    host.close();
    desk.close();
  });
  return { desk, place, host, registry, make: createPersonaliser(desk, host.host) };
}

const wanted = ({ place }: Stand, index = 1) => ({
  applicationId: requestOf(index).applicationId,
  cardSerial: serialOf(index),
  chipSerial: place.card.state.serialHex,
  readerName,
  algorithm: 'p-256' as const,
});
const runOf = (it: Stand, index = 1) => {
  const run = findRunOfRequest(it.desk.db, requestOf(index).applicationId);
  if (run === undefined) throw new Error('no run');
  return run;
};
const codeOf = (result: { readonly ok: boolean; readonly failure?: { readonly code: string } }) => result.failure?.code ?? 'done';

describe('the making of a card', () => {
  it('PRS-03 PRS-06: goes from blank to personalised, with one envelope and one report', async () => {
    const it = await stand();
    expect(codeOf(await it.make.start(tural, wanted(it)))).toBe('done');
    const run = runOf(it);
    expect(run).toMatchObject({ state: 'made', envelopeNumber: `${serialOf(1)}-01` });
    expect(it.host.printed.map(({ envelopeNumber }) => envelopeNumber)).toEqual([`${serialOf(1)}-01`]);
    expect(it.place.card.state.lifecycle).toBe(7);
    const kinds = it.desk.db.all('SELECT kind FROM outbox ORDER BY seq').map((row) => row['kind']);
    expect(kinds).toEqual(['card.personalised']);
    const steps = listSteps(it.desk.db, run.runId);
    // Each step stands there twice: before it and after it.
    expect(steps.filter(({ outcome }) => outcome === 'begun').map(({ step }) => step)).toEqual([
      ...['claim', 'wipe', 'codes', 'keys', 'requests', 'issue', 'certificates', 'objects', 'close', 'verify', 'envelope', 'report'],
    ]);
    expect(steps.filter(({ outcome }) => outcome === 'done')).toHaveLength(12);
  });

  it('a request that has a card gets no second one, and a serial or a chip no second request', async () => {
    const it = await stand();
    await it.make.start(tural, wanted(it));
    expect(codeOf(await it.make.start(tural, { ...wanted(it, 2), applicationId: requestOf(1).applicationId }))).toBe('CARD_REQUEST_TAKEN');
    expect(codeOf(await it.make.start(tural, { ...wanted(it, 2), cardSerial: serialOf(1) }))).toBe('CARD_NOT_IN_STOCK');
    expect(codeOf(await it.make.start(tural, wanted(it, 2)))).toBe('CARD_ALREADY_USED');
    expect(listRuns(it.desk.db, 'made')).toHaveLength(1);
  });

  it('a card that the registry does not give stays a blank one', async () => {
    const it = await stand();
    it.registry.next.set('card.claim', 'refuse');
    expect(codeOf(await it.make.start(tural, wanted(it)))).toBe('REGISTRY_REJECTED');
    expect(findRunOfRequest(it.desk.db, requestOf(1).applicationId)).toBeUndefined();
    expect(codeOf(await it.make.start(tural, wanted(it)))).toBe('done');
  });

  it.each(['card.claim', 'card.issue'])('when the answer to %s is lost, it is asked again under the same id', async (kind) => {
    const it = await stand();
    it.registry.next.set(kind, 'lost');
    expect(codeOf(await it.make.start(tural, wanted(it)))).toBe('OUTCOME_UNKNOWN');
    const { runId } = runOf(it);
    // Nothing is known: the card is neither wiped nor scrapped for it.
    const seen = await it.make.inspect(runId);
    expect(seen.ok && seen.value.decision).toEqual({ action: 'continue', step: kind === 'card.claim' ? 'claim' : 'issue' });
    expect(codeOf(await it.make.resume(tural, runId, 'wipe'))).toBe('CARD_NEEDS_DECISION');
    expect(codeOf(await it.make.resume(tural, runId, 'continue'))).toBe('done');
    expect(it.desk.db.all('SELECT 1 FROM intents WHERE kind = @kind', { kind })).toHaveLength(1);
  });

  it('a request that the authority refuses is made anew with other keys, and a certificate for another key is not written', async () => {
    const it = await stand();
    it.registry.next.set('card.issue', 'refuse');
    expect(codeOf(await it.make.start(tural, wanted(it)))).toBe('REGISTRY_REJECTED');
    const { runId } = runOf(it);
    it.registry.next.set('card.issue', 'other_key');
    expect(codeOf(await it.make.resume(tural, runId, 'wipe'))).toBe('CERTIFICATE_OTHER_KEY');
    expect(codeOf(await it.make.resume(tural, runId, 'wipe'))).toBe('done');
    expect(runOf(it).state).toBe('made');
  });

  it('PRS-07: an envelope that was not printed is spoilt, and the next one has new codes and another number', async () => {
    const it = await stand();
    it.host.failMailer(1);
    expect(codeOf(await it.make.start(tural, wanted(it)))).toBe('MAILER_FAILED');
    const { runId } = runOf(it);
    expect(codeOf(await it.make.resume(tural, runId, 'continue'))).toBe('done');
    expect(listEnvelopes(it.desk.db, runId).map(({ number, state }) => [number, state])).toEqual([
      [`${serialOf(1)}-01`, 'spoilt'],
      [`${serialOf(1)}-02`, 'printed'],
    ]);
    expect(it.host.printed.map(({ envelopeNumber }) => envelopeNumber)).toEqual([`${serialOf(1)}-02`]);
    expect(countEnvelopes(it.desk.db)).toEqual({ printed: 1, spoilt: 1 });
  });

  it('a card host that lost the codes makes new ones before anything is printed', async () => {
    const it = await stand();
    it.place.card.setFault({ kind: 'pull', atApdu: 40, moment: 'after' });
    await it.make.start(tural, wanted(it));
    it.place.card.faults.clear();
    await it.place.putBack();
    it.host.forgetCodes();
    const { runId } = runOf(it);
    const seen = await it.make.inspect(runId);
    const how = seen.ok && seen.value.decision.action === 'wipe' ? 'wipe' : 'continue';
    expect(codeOf(await it.make.resume(tural, runId, how))).toBe('done');
    expect(it.host.printed).toHaveLength(1);
  });

  it('another card in the reader is never written to', async () => {
    const it = await stand();
    it.registry.next.set('card.issue', 'lost');
    await it.make.start(tural, wanted(it));
    const { runId } = runOf(it);
    it.place.eject();
    const other = putCard(createBlankState());
    it.place.insert(other.card);
    expect(codeOf(await it.make.resume(tural, runId, 'continue'))).toBe('CARD_EXCHANGED');
    expect(other.card.card.memory.writes).toBe(0);
    it.place.eject();
    it.place.insert(it.place.card);
    expect(codeOf(await it.make.resume(tural, runId, 'continue'))).toBe('done');
  });

  it('a scrapped card is told of with its reason, and the request takes another', async () => {
    const it = await stand();
    await it.make.start(tural, wanted(it));
    const { runId } = runOf(it);
    expect(codeOf(it.make.spoil(tural, { commandId: it.desk.random.uuid(), runId, reason: 'envelope_mismatch', note: '' }))).toBe('done');
    expect(listEnvelopes(it.desk.db, runId).map(({ state }) => state)).toEqual(['spoilt']);
    it.place.eject();
    const other = putCard(createBlankState());
    it.place.insert(other.card);
    const again = { ...wanted(it, 2), applicationId: requestOf(1).applicationId, chipSerial: other.card.state.serialHex };
    expect(codeOf(await it.make.start(tural, again))).toBe('done');
    expect(it.desk.db.all('SELECT kind FROM outbox ORDER BY seq').map((row) => row['kind'])).toEqual([
      'card.personalised',
      'card.spoil',
      'card.personalised',
    ]);
  });
});
