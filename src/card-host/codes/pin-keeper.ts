/**
 * PIN1 and PIN2 of the cards under way, from the step that makes them until the envelope is printed. They exist in this process only, in buffers
 * that are wiped; the end of the process is the end of them (ADR-0027).
 */
export interface CardPins {
  /** 4 ASCII digits. */
  readonly pin1: Uint8Array;
  /** 5 ASCII digits. */
  readonly pin2: Uint8Array;
}

export interface PinKeeper {
  /** Takes the buffers over; earlier ones of the same chip are wiped. */
  keep(chipSerialHex: string, pins: CardPins): void;
  /** The kept buffers themselves: read them, never hold them, never wipe them. */
  find(chipSerialHex: string): CardPins | undefined;
  /** Wipes them. Nothing kept: nothing done. */
  forget(chipSerialHex: string): void;
  forgetAll(): void;
}

export function createPinKeeper(): PinKeeper {
  const kept = new Map<string, CardPins>();
  const forget = (chipSerialHex: string): void => {
    const pins = kept.get(chipSerialHex);
    kept.delete(chipSerialHex);
    pins?.pin1.fill(0);
    pins?.pin2.fill(0);
  };
  return {
    keep(chipSerialHex, pins) {
      forget(chipSerialHex);
      kept.set(chipSerialHex, pins);
    },
    find: (chipSerialHex) => kept.get(chipSerialHex),
    forget,
    forgetAll() {
      for (const chipSerialHex of [...kept.keys()]) forget(chipSerialHex);
    },
  };
}
