import { createPcscReaders } from '../src/card-host/pcsc/pcsc-readers.ts';
import { listContents, writtenList } from '../src/card-host/profile/asan-id/contents.ts';
import { directory } from '../src/card-host/profile/asan-id/objects.ts';
import { holdCards } from '../src/card-host/personalise/held-cards.ts';
import type { CardReaders, CardSession } from '../src/shared/card-host/card-port.ts';
import { createCardMaker, makeStep, makingSteps, type CardMaker, type Making } from '../tests/support/cards/card-maker.ts';
import { cardSerial, putCard } from '../tests/support/cards/reader-with-card.ts';
import { startPrivateService } from '../tests/support/pcsc/private-pcscd.ts';
import { startCardsBehind, waitForCard } from '../tests/support/pcsc/virtual-cards.ts';
import { atMost, median, type Figure } from './bench.ts';

const algorithm = 'rsa-2048';
const rounds = 9;
const generate = 0x46;

/**
 * What a personalisation costs at the card, with RSA keys, which are the longest: commands and bytes up to the closing, held against the content that
 * has to get there; and its time through the real card service with everything that is read back and tried, held against a bare replay of the same
 * commands on the same card, taken in turns. The making of keys is the chip's own time and is left out.
 */
export async function bench(): Promise<readonly Figure[]> {
  const maker = await createCardMaker();
  return [...(await countCommands(maker)), ...(await measureTime(maker))];
}

async function countCommands(maker: CardMaker): Promise<readonly Figure[]> {
  const place = putCard();
  const making: Making = { names: place.names, algorithm };
  const closing = makingSteps.slice(0, -1);
  for (const step of closing) await makeStep(maker, place.readers, making, step);
  const { apdus, sentBytes } = place.card.tally;
  const made = apdus - 2;
  await makeStep(maker, place.readers, making, 'verify');
  const least = leastBytes(making);
  return [
    atMost('APDUs of a personalisation', made, 'APDUs', 60, `${place.card.tally.apdus - apdus} more to read back and try`),
    atMost('bytes to the card ÷ least possible', sentBytes / least, '×', 1.15, `${sentBytes} bytes, least ${least}`),
  ];
}

const header = 5;
const longest = 255;
const written = (bytes: number): number => bytes + header * Math.ceil(bytes / longest);

/** Every content once, in the fewest commands: no look at the card, no selection but the one that changes the folder. */
function leastBytes({ certificates }: Making): number {
  const createFile = header + 18;
  const createKey = header + 22;
  const generateKey = header + 8;
  const record = header + 23;
  const format = header + 8;
  const chooseKey = header + 10;
  // DigestInfo of SHA-256, and the length of the answer.
  const sign = header + 51 + 1;
  const activate = header + 12;
  const contents = listContents({ cardSerial, algorithm }).map(({ der, isList }) => (isList ? writtenList(der) : der));
  const files = [...contents, directory(), certificates?.auth ?? [], certificates?.sign ?? []];
  return (
    format +
    3 * record +
    2 * (createKey + generateKey + chooseKey + sign) +
    files.reduce((sum, { length }) => sum + createFile + written(length), 0) +
    header +
    activate
  );
}

type Act =
  | { readonly kind: 'open' }
  | { readonly kind: 'reset' }
  | { readonly kind: 'close' }
  | { readonly kind: 'command'; readonly apdu: Uint8Array };

async function measureTime(maker: CardMaker): Promise<readonly Figure[]> {
  const open: { close(): unknown }[] = [];
  try {
    const service = await startPrivateService();
    open.push(service);
    const cards = await startCardsBehind(service);
    open.push(cards);
    // Before the native library is loaded, which reads it once.
    process.env['PCSCLITE_CSOCK_NAME'] = service.environment.PCSCLITE_CSOCK_NAME;
    const readers = await createPcscReaders(() => {});
    open.push(readers);
    const readerName = service.readerNames[0];
    const chipSerialHex = await cards.control.createCard();
    await cards.control.insert(readerName, chipSerialHex);
    await waitForCard(service, 0, true);
    const making: Making = { names: { readerName, chipSerialHex, cardSerial }, algorithm };
    // From the second on each begins with the wipe of a closed card, which is the longest way.
    await personalise(maker, readers, making);
    const times: { ours: number; bare: number }[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const { spentMs, acts } = await personalise(maker, readers, making);
      const bareMs = await replay(readers, readerName, acts);
      // The first round warms the code up.
      if (round > 0) times.push({ ours: spentMs, bare: bareMs });
    }
    const ours = median(times.map((time) => time.ours));
    const bare = median(times.map((time) => time.bare));
    return [
      atMost('personalisation through pcscd', ours, 'ms', 600, 'without the making of keys'),
      atMost('personalisation ÷ bare replay', median(times.map((time) => time.ours / time.bare)), '×', 1.5, `bare ${bare.toFixed(0)} ms`),
    ];
  } finally {
    for (const { close } of open.reverse()) await close();
  }
}

async function personalise(maker: CardMaker, readers: CardReaders, making: Making): Promise<{ spentMs: number; acts: readonly Act[] }> {
  const acts: Act[] = [];
  let chipMs = 0;
  const watched = (session: CardSession): CardSession => ({
    ...session,
    async transmit(apdu, timeoutMs) {
      acts.push({ kind: 'command', apdu: apdu.slice() });
      const fromMs = performance.now();
      const answer = await session.transmit(apdu, timeoutMs);
      if (apdu[1] === generate) chipMs += performance.now() - fromMs;
      return answer;
    },
    async reset() {
      acts.push({ kind: 'reset' });
      await session.reset();
    },
    async close() {
      acts.push({ kind: 'close' });
      await session.close();
    },
  });
  const held = holdCards({
    ...readers,
    async openCard(name) {
      acts.push({ kind: 'open' });
      return watched(await readers.openCard(name));
    },
  });
  const fromMs = performance.now();
  for (const kind of makingSteps) {
    const result = await makeStep(maker, { ...readers, openCard: (name) => held.open(name, kind) }, making, kind);
    if (!result.ok) throw new Error(`${kind}: ${result.failure.code}`);
  }
  return { spentMs: performance.now() - fromMs - chipMs, acts };
}

/** The same commands with nothing in between. */
async function replay(readers: CardReaders, readerName: string, acts: readonly Act[]): Promise<number> {
  let session: CardSession | undefined;
  let chipMs = 0;
  const fromMs = performance.now();
  for (const act of acts) {
    const actFromMs = performance.now();
    if (act.kind === 'command') await session?.transmit(act.apdu);
    else if (act.kind === 'open') session = await readers.openCard(readerName);
    else if (act.kind === 'reset') await session?.reset();
    else await session?.close();
    if (act.kind === 'command' && act.apdu[1] === generate) chipMs += performance.now() - actFromMs;
  }
  return performance.now() - fromMs - chipMs;
}
