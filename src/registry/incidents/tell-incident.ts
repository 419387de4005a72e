import type { Envelope } from '../../shared/registry-api/envelope.ts';
import type { IncidentEntity } from '../../shared/registry-api/incident.ts';
import { incidentIdOf, type IncidentParams, type RegistryIncidentKind } from '../../shared/rules/incidents.ts';
import { longestDriftMs } from '../../shared/rules/trusted-time.ts';
import { bakuDayOf } from '../intake/baku-day.ts';
import type { Desk, Registry } from '../registry.ts';
import { RegistryError } from '../server/registry-error.ts';
import { lockAggregate, writeAggregate } from '../store/aggregates.ts';
import { partitionOf } from '../store/partition.ts';

/** While a story goes on nobody needs to hear of it more often. */
const sameStoryMs = 60 * 60 * 1000;

interface Found {
  readonly kind: RegistryIncidentKind;
  /** The life of the desk, or the day, that makes it one story. */
  readonly of: number | string;
  readonly params: IncidentParams;
}

/**
 * Writes what was found out about a desk into the feed of its office, in a transaction of its own: what was refused is undone, that it was refused is not.
 * The same story is written once, an hour later once more, and opened again when it goes on after a supervisor had handled it. Source: ADR-0025
 */
export async function tellIncident(registry: Registry, desk: Desk, { kind, of, params }: Found): Promise<void> {
  const incidentId = incidentIdOf(kind, desk.deskId, of);
  const isTold = await registry.store.transact(async (session) => {
    const row = await lockAggregate(session, 'incident', incidentId, desk.officeId);
    const nowMs = registry.nowMs();
    const before = row.rev === 0 ? null : (JSON.parse(row.body) as IncidentEntity);
    const isOver = before !== null && (kind === 'restored' || kind === 'clock_off');
    if (isOver || (before !== null && before.handled === null && nowMs - before.lastAtMs < sameStoryMs)) return false;
    const body: IncidentEntity = {
      incidentId,
      deskId: desk.deskId,
      kind,
      firstAtMs: before?.firstAtMs ?? nowMs,
      lastAtMs: nowMs,
      times: (before?.times ?? 0) + 1,
      params: { ...params },
      handled: null,
    };
    await writeAggregate(session, row, { state: 'open', body });
    return true;
  });
  if (isTold) registry.store.announce(desk.officeId);
}

/** Runs what a desk asked for, and tells its office when the desk turns out to be one of two, or its journal another one. Source: F-25, F-29 */
export async function tellOfForks<T>(registry: Registry, desk: Desk, epoch: number, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RegistryError && (error.body.code === 'DESK_FORK' || error.body.code === 'AUDIT_FORK')) {
      const kind = error.body.code === 'DESK_FORK' ? 'cloned' : 'audit_gap';
      await tellIncident(registry, desk, { kind, of: epoch, params: {} }).catch((failure: unknown) => {
        registry.log('an incident could not be told', failure);
      });
    }
    throw error;
  }
}

/** What the commands themselves say of their desk: a life after the first, and a clock that is certainly wrong. Nothing is read for a desk without either. */
export async function tellOfCommands(
  registry: Registry,
  desk: Desk,
  envelopes: readonly Envelope[],
  epoch = Math.max(...envelopes.map((envelope) => envelope.desk_epoch)),
): Promise<void> {
  try {
    if (epoch > 1) await tellOfLife(registry, desk, epoch);
    const wrong = envelopes.find(
      ({ clock_offset_ms: offsetMs, clock_error_ms: errorMs }) =>
        offsetMs !== null && typeof errorMs === 'number' && Math.abs(offsetMs) - errorMs > longestDriftMs,
    );
    if (wrong === undefined) return;
    const day = bakuDayOf(registry.nowMs()).replaceAll('-', '');
    await tellIncident(registry, desk, { kind: 'clock_off', of: day, params: { byMs: Math.abs(wrong.clock_offset_ms ?? 0) } });
  } catch (failure) {
    registry.log('an incident could not be told', failure);
  }
}

const toldLives = new WeakMap<Registry, Set<string>>();

/** A life that began with a restoration, or without being announced, is told of once. */
async function tellOfLife(registry: Registry, desk: Desk, epoch: number): Promise<void> {
  const told = toldLives.get(registry) ?? new Set<string>();
  toldLives.set(registry, told);
  const name = `${desk.deskId}/${epoch}`;
  if (told.has(name)) return;
  const life = await registry.store.read(({ db }) =>
    db
      .selectFrom('desk_life')
      .select(['cause'])
      .where('partition', '=', partitionOf(desk.deskId))
      .where('desk_id', '=', desk.deskId)
      .where('epoch', '=', epoch)
      .executeTakeFirst(),
  );
  if (life === undefined) return;
  await tellIncident(registry, desk, { kind: 'restored', of: epoch, params: { epoch, cause: life.cause } });
  told.add(name);
}
