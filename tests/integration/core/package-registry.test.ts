import { copyFileSync, cpSync, existsSync, mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trainingPassword, type RunningRegistry } from '../../../src/registry/index.ts';
import { findApplication } from '../../../src/core/storage/repositories/application-repository.ts';
import { findPackage } from '../../../src/core/storage/repositories/package-repository.ts';
import { centreOf } from '../../support/centre-desk.ts';
import { count as countOf } from '../../support/counts.ts';
import { seedPackage, serialAt, envelopeAt, courierFin } from '../../support/packages.ts';
import { cardDataOf, courier, dispatchCards, makeCard, sendCase, type MadeCard } from '../registry/card-cases.ts';
import { TestDesk } from '../registry/test-desk.ts';
import { newId } from './test-cases.ts';
import { startTestCore, startTestRegistry, until, type TestCore } from './test-core.ts';

const officeId = 'BAK1';
const packageNumber = 'BAK1-P-2026-0007';

async function print(core: TestCore, papers: readonly { paperId: string }[]): Promise<void> {
  const paperIds = papers.map(({ paperId }) => paperId);
  const [printer] = await core.client.paper.listPrinters();
  await core.client.paper.print({ commandId: newId(), paperIds, printer: printer?.name ?? '' });
  await core.client.paper.confirm({ commandId: newId(), paperIds, verdict: 'good' });
}

async function receive(core: TestCore, number: string, fin: string): Promise<void> {
  const acted = () => ({ commandId: newId(), packageNumber: number });
  await core.client.package.arrive({ ...acted(), courierFin: fin, isDamaged: false });
  await print(core, await core.client.package.prepareAct(acted()));
  await core.client.package.signAct({ ...acted(), login: 'aygun', password: trainingPassword('aygun') });
  await core.client.package.record({ ...acted(), courierName: 'Kuryer Sınaqov' });
}

describe('a package between the registry’s centre and a desk', () => {
  let registry: RunningRegistry;
  let stopRegistry: () => Promise<void>;
  let core: TestCore;
  let cards: MadeCard[];

  beforeAll(async () => {
    ({ registry, stop: stopRegistry } = await startTestRegistry());
    core = await startTestCore(registry);
    await core.signIn('leyla');
    const maker = centreOf(new TestDesk(registry, await registry.provisionDesk({ deskId: 'desk-02', officeId })));
    cards = [];
    for (const fin of ['QYD0001', 'QYD0002', 'QYD0003']) cards.push(await makeCard(maker, await sendCase(maker, cardDataOf({ fin }))));
    await dispatchCards(maker, packageNumber, officeId, cards);
    await maker.desk.close();
    await until(() => findPackage(core.desk.db, packageNumber)?.state === 'WITH_COURIER');
    await until(() => cards.every(({ applicationId }) => findApplication(core.desk.db, applicationId)?.state === 'DISPATCHED'));
  }, 60_000);
  afterAll(async () => {
    await core.close();
    await stopRegistry();
  });

  it('PKG-11 PKG-10 F-27: what the desk confirmed the registry registers; a card without its envelope goes back to the centre', async () => {
    await receive(core, packageNumber, courier.courierFin);
    const acted = () => ({ commandId: newId(), packageNumber });
    const [torn, ...right] = cards;
    for (const { cardSerial, envelopeNumber } of right) {
      await core.client.package.scan({ ...acted(), code: cardSerial });
      await core.client.package.scan({ ...acted(), code: envelopeNumber });
    }
    await core.client.package.scan({ ...acted(), code: torn?.cardSerial ?? '' });
    await core.client.package.decide({ ...acted(), side: 'line', subject: torn?.applicationId ?? '', decision: 'returned' });
    await print(core, await core.client.package.prepareReturn({ ...acted(), form: 'F-27' }));
    await core.client.package.check(acted());
    const confirmed = await core.client.package.confirm(acted());
    expect(confirmed.package.state).toBe('CONFIRMED');
    await until(async () => (await core.client.package.find({ packageNumber })).sync === 'registered');
    await until(() => cards.every(({ applicationId }) => findApplication(core.desk.db, applicationId)?.sync === 'registered'));
    const stateOf = ({ applicationId }: MadeCard) => {
      const application = findApplication(core.desk.db, applicationId);
      return [application?.state, application?.card?.state ?? null];
    };
    expect(right.map(stateOf)).toEqual([
      ['READY', 'REGISTERED'],
      ['READY', 'REGISTERED'],
    ]);
    expect(torn === undefined ? [] : stateOf(torn)[0]).toBe('PERSONALISING');
    const view = await core.client.package.find({ packageNumber });
    expect(view.timeline.map(({ sync }) => sync)).not.toContain('refused');
    expect(view.timeline.filter(({ act }) => act === 'package.confirm')).toHaveLength(1);
  }, 60_000);
});

describe('a package of hundreds and a power cut', () => {
  const count = countOf(60, 500);
  let registry: RunningRegistry;
  let stopRegistry: () => Promise<void>;
  let core: TestCore;
  beforeAll(async () => {
    ({ registry, stop: stopRegistry } = await startTestRegistry());
    core = await startTestCore(registry);
    await core.signIn('aygun');
    await core.signIn('leyla');
    await registry.setFaults({ isUnreachable: true });
    seedPackage(core.desk, 'BAK1-P-500', count);
    await receive(core, 'BAK1-P-500', courierFin);
    for (let at = 1; at <= count; at += 1)
      for (const code of [serialAt(at), envelopeAt(at)])
        await core.client.package.scan({ commandId: newId(), packageNumber: 'BAK1-P-500', code });
    await core.client.package.check({ commandId: newId(), packageNumber: 'BAK1-P-500' });
  }, 120_000);
  afterAll(async () => {
    await core.close();
    await stopRegistry();
  });

  const files = ['desk.db', 'desk.db-wal', 'desk.db-shm', 'desk.db.witness'];
  const copyOf = (): string => {
    const folder = mkdtempSync(path.join(tmpdir(), 'qeyd-cut-'));
    for (const name of files)
      if (existsSync(path.join(core.folder, name))) copyFileSync(path.join(core.folder, name), path.join(folder, name));
    return folder;
  };

  it('PKG-11 PKG-12: cut off anywhere in its confirmation, either every card is registered and queued or none is', async () => {
    // Everything before it is in the file itself, so that the log holds the confirmation alone.
    core.desk.db.get('PRAGMA wal_checkpoint(TRUNCATE)');
    const before = copyOf();
    const startMs = performance.now();
    await core.client.package.confirm({ commandId: newId(), packageNumber: 'BAK1-P-500' });
    const tookMs = performance.now() - startMs;
    const after = copyOf();
    const seen = new Set<string>();
    const logBytes = statSync(path.join(after, 'desk.db-wal')).size;
    for (const share of [0, 0.01, 0.35, 0.7, 0.99, 1]) {
      const folder = mkdtempSync(path.join(tmpdir(), 'qeyd-cut-'));
      cpSync(before, folder, { recursive: true });
      copyFileSync(path.join(after, 'desk.db-wal'), path.join(folder, 'desk.db-wal'));
      truncateSync(path.join(folder, 'desk.db-wal'), Math.floor(logBytes * share));
      const again = await startTestCore(registry, { after: { ...core, folder }, isOffline: true });
      const state = findPackage(again.desk.db, 'BAK1-P-500')?.state;
      const ready = Number(again.desk.db.get("SELECT count(*) AS n FROM application WHERE state = 'READY'")?.['n']);
      const queued = Number(again.desk.db.get("SELECT count(*) AS n FROM outbox WHERE kind = 'card.receive'")?.['n']);
      seen.add(`${state ?? ''} ${String(ready)} ${String(queued)}`);
      await again.stop();
      rmSync(folder, { recursive: true, force: true });
    }
    expect([...seen].sort()).toEqual([`CHECKED 0 0`, `CONFIRMED ${count} ${count}`]);
    expect(tookMs).toBeLessThan(20_000);
    for (const folder of [before, after]) rmSync(folder, { recursive: true, force: true });
  }, 120_000);
});
