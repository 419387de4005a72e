import { createBlankState, type CardState } from '../../../src/training/virtual-card/card-state.ts';
import { createInProcessReaders } from '../../../src/training/virtual-card/in-process.ts';
import { PlasticCard, VirtualReaders, type CardOptions } from '../../../src/training/virtual-card/virtual-readers.ts';
import type { CardPlace } from './break-off.ts';

export const readerName = 'Qeyd Virtual Reader 0';
export const cardSerial = '0100000000000042';

/** One reader with one card in it, in this process. */
export interface ReaderWithCard extends CardPlace {
  readonly card: PlasticCard;
  eject(): void;
  insert(card: PlasticCard): void;
}

export function putCard(state: CardState = createBlankState(), options: CardOptions = {}): ReaderWithCard {
  const virtual = new VirtualReaders([readerName]);
  const card = new PlasticCard(state, options);
  virtual.insert(readerName, card);
  return {
    card,
    eject: () => void virtual.eject(readerName),
    insert: (other) => virtual.insert(readerName, other),
    readers: createInProcessReaders(virtual),
    names: { readerName, chipSerialHex: state.serialHex, cardSerial },
    putBack: async () => {
      if (virtual.findCard(readerName) === null) virtual.insert(readerName, card);
    },
  };
}
