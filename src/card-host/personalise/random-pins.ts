import { randomFillSync } from 'node:crypto';
import { findCodeWeakness } from '../../shared/rules/weak-codes.ts';
import type { CardPins } from '../codes/pin-keeper.ts';

/** PIN1 of 4 and PIN2 of 5 digits by chance, each as likely as any other but for the weak ones. Source: CR-05 */
export function makePins(): CardPins {
  return { pin1: digitsByChance(4), pin2: digitsByChance(5) };
}

function digitsByChance(length: number): Uint8Array {
  const code = new Uint8Array(length);
  const chance = new Uint8Array(4 * length);
  try {
    do {
      let filled = 0;
      while (filled < length) {
        randomFillSync(chance);
        // 250 values fall on the ten digits evenly; the other six are thrown away.
        for (const byte of chance) {
          if (byte >= 250 || filled === length) continue;
          code[filled] = 0x30 + (byte % 10);
          filled += 1;
        }
      }
    } while (findCodeWeakness(code) !== null);
    return code;
  } finally {
    chance.fill(0);
  }
}

export function wipePins(pins: CardPins): void {
  pins.pin1.fill(0);
  pins.pin2.fill(0);
}
