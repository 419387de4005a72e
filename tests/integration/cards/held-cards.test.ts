import { afterEach, describe, expect, it } from 'vitest';
import { holdCards, type HeldCards } from '../../../src/card-host/personalise/held-cards.ts';
import { asanIdProfile } from '../../../src/card-host/profile/asan-id/profile.ts';
import type { CardReaders } from '../../../src/shared/card-host/card-port.ts';
import { putCard, readerName } from '../../support/cards/reader-with-card.ts';

/** Counts how often the card is opened and let go. */
function counted(readers: CardReaders): { readonly readers: CardReaders; readonly seen: { opened: number; closed: number } } {
  const seen = { opened: 0, closed: 0 };
  return {
    seen,
    readers: {
      ...readers,
      async openCard(name) {
        const session = await readers.openCard(name);
        seen.opened += 1;
        let isClosed = false;
        return {
          ...session,
          close: async () => {
            if (!isClosed) seen.closed += 1;
            isClosed = true;
            await session.close();
          },
        };
      },
    },
  };
}

describe('a card that is held between steps', () => {
  let held: HeldCards | undefined;
  afterEach(() => held?.close());

  const step = async (kind: string): Promise<string> => {
    const session = await held!.open(readerName, kind);
    try {
      return await asanIdProfile.readChipSerial(session);
    } finally {
      await session.close();
    }
  };
  const prepare = (idleMs?: number) => {
    const place = putCard();
    const { readers, seen } = counted(place.readers);
    held = holdCards(readers, idleMs);
    return { place, seen };
  };

  it('is opened once for the steps of its making, and let go by the last of them', async () => {
    const { seen } = prepare();
    for (const kind of ['wipe', 'codes', 'keys', 'requests', 'certificates', 'objects', 'close']) await step(kind);
    expect(seen).toEqual({ opened: 1, closed: 0 });
    await step('verify');
    expect(seen).toEqual({ opened: 1, closed: 1 });
    await step('wipe');
    expect(seen).toEqual({ opened: 2, closed: 1 });
  });

  it.each(['read_card', 'envelope', 'new_codes', 'change_pin'])('is let go before %s', async (kind) => {
    const { seen } = prepare();
    await step('wipe');
    await step(kind);
    expect(seen).toEqual({ opened: 2, closed: 2 });
  });

  it('is let go when nothing comes for a while', async () => {
    const { seen } = prepare(20);
    await step('wipe');
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(seen).toEqual({ opened: 1, closed: 1 });
  });

  it('is opened anew when it was put out and in again between two steps, or another was', async () => {
    const { place, seen } = prepare();
    const first = await step('wipe');
    place.eject();
    await place.putBack();
    expect(await step('codes')).toBe(first);
    expect(seen).toEqual({ opened: 2, closed: 1 });
    place.eject();
    const other = putCard().card;
    place.insert(other);
    expect(await step('keys')).toBe(other.state.serialHex);
  });

  it('is let go after a fault in a step, and a card that stays out is said to be out', async () => {
    const { place, seen } = prepare();
    await step('wipe');
    place.eject();
    await expect(step('codes')).rejects.toMatchObject({ kind: 'CARD_ABSENT' });
    await place.putBack();
    await step('codes');
    place.card.setFault({ kind: 'pull', atApdu: 2, moment: 'after' });
    const session = await held!.open(readerName, 'keys');
    await asanIdProfile.readChipSerial(session);
    await expect(asanIdProfile.readChipSerial(session)).rejects.toMatchObject({ kind: 'CARD_REMOVED' });
    await session.close();
    await place.putBack();
    await step('keys');
    expect(seen.opened - seen.closed).toBe(1);
  });
});
