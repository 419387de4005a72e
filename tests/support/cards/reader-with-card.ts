import { createBlankState, type CardState } from '../../../src/training/virtual-card/card-state.ts';
import { createInProcessReaders } from '../../../src/training/virtual-card/in-process.ts';
import { PlasticCard, VirtualReaders, type CardOptions } from '../../../src/training/virtual-card/virtual-readers.ts';
import type { CardReaders } from '../../../src/shared/card-host/card-port.ts';
import type { CardNames } from './card-maker.ts';

export const readerName = 'Qeyd Virtual Reader 0';
export const cardSerial = '0100000000000042';

/** One reader with one card in it, in this process. */
export interface ReaderWithCard {
  readonly virtual: VirtualReaders;
  readonly readers: CardReaders;
  readonly card: PlasticCard;
  readonly names: CardNames;
}

export function putCard(state: CardState = createBlankState(), options: CardOptions = {}): ReaderWithCard {
  const virtual = new VirtualReaders([readerName]);
  const card = new PlasticCard(state, options);
  virtual.insert(readerName, card);
  return { virtual, readers: createInProcessReaders(virtual), card, names: { readerName, chipSerialHex: state.serialHex, cardSerial } };
}

/** Puts the card back that a fault took out. */
export function putBack({ virtual, card }: ReaderWithCard): void {
  if (virtual.findCard(readerName) === null) virtual.insert(readerName, card);
}
