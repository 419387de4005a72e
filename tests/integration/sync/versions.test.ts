import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../src/core/platform/canonical.ts';
import type { RegistryReply, RegistryTransport } from '../../../src/core/sync/transport.ts';
import type { RunningRegistry } from '../../../src/registry/index.ts';
import type { CommandOutcome, Envelope } from '../../../src/shared/registry-api/envelope.ts';
import { countFor, seededFraction } from '../../support/counts.ts';
import { createFakeRegistry } from '../../support/fake-registry.ts';
import { realOfficeId, startRealRegistry } from '../../support/real-desk.ts';
import { createSyncDesk, syncIdentity } from '../../support/sync-desk.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { refusalOf, TestDesk } from '../registry/test-desk.ts';

/** Places of an answer that the registry signs as they are: a newer one signs what it adds there, an older one left nothing out. */
const signedParts = new Set(['receipt', 'result', 'policy', 'audit_anchor']);
/** What registries say since later versions: an older one leaves it out. */
const laterParts = ['batch_sig', 'audit_anchor', 'encodings'];

/** The same answer of a newer registry: words that this program does not know, at any place that is not signed. */
function newer(value: unknown, fraction: () => number): unknown {
  if (Array.isArray(value)) return value.map((each) => newer(each, fraction));
  if (typeof value !== 'object' || value === null) return value;
  const known = Object.entries(value).map(([name, each]) => [name, signedParts.has(name) ? each : newer(each, fraction)] as const);
  return { ...Object.fromEntries(known), ...(fraction() < 0.5 ? { later_word: { of: [1, 'iki', null] } } : {}) };
}
/** The same answer of an older registry. */
function older(value: unknown, fraction: () => number): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const parts = 'results' in value || 'changes' in value ? [...laterParts, 'policy'] : laterParts;
  const left = parts.filter(() => fraction() < 0.7);
  return Object.fromEntries(Object.entries(value).filter(([name]) => !left.includes(name)));
}
function through(transport: RegistryTransport, change: (body: unknown) => unknown): RegistryTransport {
  return {
    ...transport,
    async send(request): Promise<RegistryReply> {
      const reply = await transport.send(request);
      if (reply.kind !== 'answer' || reply.body.length === 0) return reply;
      return { ...reply, body: Buffer.from(JSON.stringify(change(JSON.parse(Buffer.from(reply.body).toString('utf8'))))) };
    },
  };
}

describe('desk and registry of different versions', () => {
  let registry: RunningRegistry;
  let stop: () => Promise<void>;
  beforeAll(async () => {
    ({ registry, stop } = await startRealRegistry());
  });
  afterAll(() => stop());

  it.each([
    ['newer', newer],
    ['older', older],
  ] as const)(
    'fault 23: a registry that is %s says more or less than this desk knows: every act gets its outcome, and nothing is frozen or set aside',
    async (_, change) => {
      const rounds = countFor({ test: 10, prove: 100 });
      const fraction = seededFraction(23);
      for (let round = 0; round < rounds; round += 1) {
        const clock = createTestClock();
        const fake = createFakeRegistry({ clock, deskId: syncIdentity.deskId });
        fake.anchorHeads();
        fake.setPolicy({ version: 1 });
        const desk = await createSyncDesk({ clock, transport: through(fake.transport, (body) => change(body, fraction)), fraction });
        await clock.advance(100);
        const ids = [1, 2, 3].map((index) => desk.queue(`0197a000-0000-7000-8000-00000000000${index}`));
        fake.publish({ entity: 'application', id: '0197a000-0000-7000-8000-000000000009', rev: 1, op: 'upsert', body: { later: true } });
        await clock.advance(30_000);
        const states = desk.db.all('SELECT command_id, state FROM outbox ORDER BY seq').map((row) => [row['command_id'], row['state']]);
        expect(states).toEqual(ids.map((id) => [id, 1]));
        expect(desk.worker().link().state).toBe('online');
        await desk.close();
      }
    },
    120_000,
  );

  it('fault 23: a newer registry adds a word to an outcome: the receipt proves what was said, word for word', async () => {
    const clock = createTestClock();
    const said = { outcome: 'applied', rev: 1, state: '', later_word: 'əlavə' } as CommandOutcome;
    const fake = createFakeRegistry({ clock, deskId: syncIdentity.deskId, decide: () => said });
    const desk = await createSyncDesk({ clock, transport: fake.transport, fraction: () => 0.5 });
    await clock.advance(100);
    const commandId = desk.queue('0197a000-0000-7000-8000-000000000001');
    await clock.advance(1000);
    const kept = desk.db.get('SELECT result, receipt FROM receipts WHERE command_id = @commandId', { commandId });
    const result: unknown = JSON.parse(String(kept?.['result']));
    const { result_sha256: proven } = JSON.parse(String(kept?.['receipt'])) as { result_sha256: string };
    expect(createHash('sha256').update(canonicalJson(result)).digest('hex')).toBe(proven);
    await desk.close();
  });

  it('fault 23: a newer desk signs more than this registry knows: the command is taken, and kept as it was signed', async () => {
    const desk = new TestDesk(registry, await registry.provisionDesk({ deskId: 'desk-newer', officeId: realOfficeId }));
    const { sig: _sig, ...unsigned } = refusalOf(desk, { desk_seq: desk.nextSeq() });
    const signed = desk.sign({
      ...unsigned,
      later_word: 'əlavə',
      actor: { ...unsigned.actor, later_word: 1 },
    } as Omit<Envelope, 'sig'>);
    const [result] = await desk.push([signed]);
    expect(result).toMatchObject({ result: { outcome: 'applied' } });
    expect((await desk.push([signed]))[0]).toEqual(result);
    await desk.close();
  });
});
