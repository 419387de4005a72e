import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { startTestCore, startTestRegistry, type TestCore } from '../tests/integration/core/test-core.ts';
import { startCardHost } from '../tests/support/card-host.ts';
import { makeOperatorCard } from '../tests/support/operator-card.ts';
import { startPrivateService } from '../tests/support/pcsc/private-pcscd.ts';
import { startCardsBehind } from '../tests/support/pcsc/virtual-cards.ts';
import { CardStore } from '../src/training/virtual-card/card-store.ts';
import { atMost, median, quantile, type Figure } from './bench.ts';

const rounds = 10;
/** A card service can miss a card that is exchanged faster. Source: cards.md §5 */
const betweenMs = 1_200;

/**
 * From the card's sliding into the reader to what the screen holds: pcscd, card host, core, event, the screen's own question with its answer (card read
 * without a code, certificates with their state at a real registry).
 */
export async function bench(): Promise<readonly Figure[]> {
  const running = await startTestRegistry();
  const card = await makeOperatorCard(running.folder);
  const service = await startPrivateService();
  process.env['PCSCLITE_CSOCK_NAME'] = service.environment.PCSCLITE_CSOCK_NAME;
  const cardFolder = path.join(service.folder, 'cards');
  mkdirSync(cardFolder);
  new CardStore(cardFolder).save(card.state);
  const cards = await startCardsBehind(service, { cardFolder });
  const slot = (await cards.control.status()).readers[0]?.name ?? '';
  const host = await startCardHost();
  const core = await startTestCore(running.registry, { cards: host.host });
  try {
    await core.signIn('leyla');
    const changes = followChanges(core);
    const [shownMs, toldMs, wholeMs]: [number[], number[], number[]] = [[], [], []];
    let noticedMs = 0;
    host.host.onEvent((event) => {
      if (event.kind === 'card_inserted') noticedMs = performance.now();
    });
    for (let round = 0; round <= rounds; round += 1) {
      await new Promise((resolve) => setTimeout(resolve, betweenMs));
      const from = changes.count();
      const insertedMs = performance.now();
      const inserting = cards.control.insert(slot, card.chipSerialHex);
      await changes.next(from);
      const told = performance.now() - insertedMs;
      // A first word may come before the card answers to its reset: the screen asks again at the next.
      let seen = from + 1;
      while (!(await hasCard(core, card.cardSerial))) {
        await changes.next(seen);
        seen = changes.count();
      }
      const shown = performance.now();
      await inserting;
      await cards.control.eject(slot);
      // The first round warms the code up.
      if (round === 0) continue;
      toldMs.push(told);
      shownMs.push(shown - noticedMs);
      wholeMs.push(shown - insertedMs);
    }
    const whole = `from the plastic to the last certificate median ${Math.round(median(wholeMs))} ms`;
    return [
      // pcscd looks at its virtual reader every 400 ms; a real reader tells at once.
      atMost(
        'card inserted → event at the screen, median',
        median(toldMs),
        'ms',
        500,
        `p95 ${Math.round(quantile(toldMs, 0.95))} ms of ${rounds}`,
      ),
      atMost('event → card and certificates at the screen, p95', quantile(shownMs, 0.95), 'ms', 500, whole),
    ];
  } finally {
    await core.close();
    await host.stop();
    await cards.close();
    await service.close();
    await running.stop();
  }
}

async function hasCard(core: TestCore, cardSerial: string): Promise<boolean> {
  const { readers } = await core.client.card.readers();
  return readers.some(({ card }) => card?.cardSerial === cardSerial);
}

function followChanges(core: TestCore) {
  let count = 0;
  const waiting: (() => void)[] = [];
  void (async () => {
    for await (const event of await core.client.system.events()) {
      if (event.type !== 'card.changed') continue;
      count += 1;
      for (const go of waiting.splice(0)) go();
    }
  })().catch(() => undefined);
  return {
    count: () => count,
    /** When more than so many have come. */
    next: async (from: number) => {
      while (count <= from) await new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
}
