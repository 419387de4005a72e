import { fromHex, refuse, sw, toHex, triesLeft, type CommandApdu } from './apdu.ts';
import type { CardMemory, CardSecurity } from './card-memory.ts';
import type { PinRecord } from './card-state.ts';

/** PIN commands: records, VERIFY, CHANGE REFERENCE DATA, RESET RETRY COUNTER, logout. Source: cards.md §3.2, §3.4 */
const codeBytes = 8;

function requireReference(p2: number): number {
  if (p2 < 1 || p2 > 14) refuse(sw.wrongParameters);
  return p2;
}

function requirePin(memory: CardMemory, reference: number): PinRecord {
  return memory.findPin(requireReference(reference)) ?? refuse(sw.referenceNotFound);
}

/** 00 and FF both count as padding on this kind of card. */
function isSameCode(given: Uint8Array, storedHex: string): boolean {
  const stored = fromHex(storedHex);
  const padding = (value: number | undefined): number | undefined => (value === 0 ? 0xff : value);
  let difference = 0;
  for (let index = 0; index < codeBytes; index += 1) difference |= (padding(given[index]) ?? 0) ^ (padding(stored[index]) ?? 0);
  return difference === 0;
}

/**
 * Takes a try before it compares, so that no cut of the power gives one back. Returns when the code is right; the last wrong try already answers
 * `blocked`.
 */
function prove(memory: CardMemory, reference: number, code: Uint8Array, which: 'pin' | 'puk'): void {
  const record = requirePin(memory, reference);
  const tries = which === 'pin' ? record.pinTries : record.pukTries;
  if (tries === 0) refuse(sw.blocked);
  const setTries = (value: number): void => {
    memory.write(() => {
      if (which === 'pin') record.pinTries = value;
      else record.pukTries = value;
    });
  };
  setTries(tries - 1);
  if (!isSameCode(code, which === 'pin' ? record.pinHex : record.pukHex)) refuse(tries === 1 ? sw.blocked : triesLeft(tries - 1));
  setTries(which === 'pin' ? record.pinMax : record.pukMax);
}

export function verifyPin(memory: CardMemory, security: CardSecurity, { p1, p2, data, le }: CommandApdu): void {
  if (p1 !== 0) refuse(sw.wrongParameters);
  const record = requirePin(memory, p2);
  if (le !== 0) refuse(sw.wrongLength);
  if (data.length === 0) {
    if (memory.state.lifecycle === 1 || security.verified.has(p2)) return;
    refuse(record.pinTries === 0 ? sw.blocked : triesLeft(record.pinTries));
  }
  if (data.length !== codeBytes) refuse(sw.wrongLength);
  // A wrong code takes back what was proven before.
  security.verified.delete(p2);
  prove(memory, p2, data, 'pin');
  security.verified.add(p2);
}

/** CHANGE with the old PIN, UNBLOCK with the PUK: 16 bytes, the proof and the new PIN. Whoever changed a PIN has not proven the new one. */
export function replacePin(memory: CardMemory, security: CardSecurity, { p1, p2, data, le }: CommandApdu, by: 'pin' | 'puk'): void {
  if (p1 !== 0) refuse(sw.wrongParameters);
  const record = requirePin(memory, p2);
  if (le !== 0 || data.length !== 2 * codeBytes) refuse(sw.wrongLength);
  security.verified.delete(p2);
  prove(memory, p2, data.subarray(0, codeBytes), by);
  const next = data.subarray(codeBytes);
  if (next.subarray(0, record.pinMin).some((value) => value === 0 || value === 0xff)) refuse(sw.wrongLength);
  memory.write(() => {
    record.pinHex = toHex(next);
    record.pinTries = record.pinMax;
  });
}

export function logOut(security: CardSecurity, { p1, p2, data, le }: CommandApdu): void {
  if (p1 !== 0 || p2 > 14) refuse(sw.wrongParameters);
  if (data.length !== 0 || le !== 0) refuse(sw.wrongLength);
  if (p2 === 0) security.verified.clear();
  else security.verified.delete(p2);
}

/** `PIN(8) PUK(8) [pinTries pukTries flags type grid pinMin pukMin]`; what is left out has the manual's default. Only in creation state. */
export function writePinRecord(memory: CardMemory, reference: number, data: Uint8Array): void {
  if (memory.state.lifecycle !== 1) refuse(sw.securityNotSatisfied);
  if (data.length < 16 || data.length > 23) refuse(sw.wrongLength);
  const [pinTries = 5, pukTries = 10, flags = 0, type = 0, , pinMin = 4, pukMin = 4] = data.subarray(16);
  if (type !== 0) refuse(sw.dataInvalid);
  const tries = (value: number): number => Math.min(value, 15);
  const minimum = (value: number): number => (value >= 1 && value <= codeBytes ? value : 4);
  memory.write((state) => {
    state.pins[String(requireReference(reference))] = {
      pinHex: toHex(data.subarray(0, 8)),
      pukHex: toHex(data.subarray(8, 16)),
      pinTries: tries(pinTries),
      pukTries: tries(pukTries),
      pinMax: tries(pinTries),
      pukMax: tries(pukTries),
      flags,
      pinMin: minimum(pinMin),
      pukMin: minimum(pukMin),
    };
  });
}

/** `CA01Bn`: free to read, also on a closed card. */
export function pinInformation(memory: CardMemory, reference: number): Uint8Array {
  const record = requirePin(memory, reference);
  return Uint8Array.of(record.pinTries, record.pukTries, record.pinMax, record.pukMax, record.flags, 0, 0, record.pinMin, record.pukMin);
}
