import type { CardHost, CardHostEvent } from '../../cards/ports.ts';

/** What ends the certainty that a card is still where it was. */
export function leavesReader(event: CardHostEvent, readerName: string): boolean {
  switch (event.kind) {
    case 'card_removed':
    case 'reader_detached':
      return event.readerName === readerName;
    // Another card cannot come without this one going, whatever became of the news of that.
    case 'card_inserted':
      return event.readerName === readerName;
    case 'service':
    case 'host':
      return !event.isRunning;
    default:
      return false;
  }
}

/** Watches one reader from now on. */
export interface PresenceWatch {
  /** Whether the card may have left since the watch began. */
  hasLeft(): boolean;
  end(): void;
}

export function watchCard(cards: CardHost, readerName: string): PresenceWatch {
  let hasLeft = false;
  const end = cards.onEvent((event) => {
    if (leavesReader(event, readerName)) hasLeft = true;
  });
  return { hasLeft: () => hasLeft, end };
}
