import type { CardSession } from './card-port.ts';
import type { CardKeyName, CardSight, KeyAlgorithm, PinTries } from './host-protocol.ts';

/**
 * A kind of card. Everything that names files, references and commands of one card operating system stands behind it, so that the real Asan ID
 * applet can follow without a change above. Codes are ASCII digits in buffers that the caller wipes. Every function throws `CardFault` when the card
 * goes and `CardRefusal` when it answers a status word that the profile does not expect. Source: cards.md §1, §3
 */
export interface CardProfile {
  readonly name: 'asan_id';
  /** By the answer to reset alone. */
  knowsAtr(atr: Uint8Array): boolean;
  read(session: CardSession): Promise<Omit<CardSight, 'readerName' | 'atrHex' | 'profile'>>;
  /** The chip's own number, 20 hex digits: the cheapest look at who is in the reader. */
  readChipSerial(session: CardSession): Promise<string>;
  /** The card serial from the card's own TokenInfo; empty while there is none. */
  readCardSerial(session: CardSession): Promise<string>;
  /** Deletes everything. Without the issuer code (null) a closed card refuses (6982), and no try is spent. Idempotent. */
  wipe(session: CardSession, issuerCode: Uint8Array | null): Promise<void>;
  setCodes(session: CardSession, codes: CardCodes): Promise<void>;
  /** Generates on the chip; answers SubjectPublicKeyInfo, DER. */
  generateKey(session: CardSession, key: CardKeyName, algorithm: KeyAlgorithm): Promise<Uint8Array>;
  /** SubjectPublicKeyInfo of the key that the chip made itself; null when there is none, or one that was loaded from outside. Open cards only. */
  readPublicKey(session: CardSession, key: CardKeyName, algorithm: KeyAlgorithm): Promise<Uint8Array | null>;
  writeCertificate(session: CardSession, key: CardKeyName, der: Uint8Array): Promise<void>;
  writeObjects(session: CardSession, objects: CardObjects): Promise<void>;
  /** Reads the whole card and names what differs from a finished one: files byte for byte, access conditions, where the keys were made, `life`. */
  findDifferences(session: CardSession, contents: CardContents): Promise<readonly string[]>;
  /** Names the codes whose tries or rules are not those of a new card. Costs no try. */
  findCodeDifferences(session: CardSession): Promise<readonly string[]>;
  /** Closes the personalisation; refused while there is no issuer code that could open it again. Idempotent. */
  close(session: CardSession): Promise<void>;
  verifyPin(session: CardSession, pin: 'pin1' | 'pin2', code: Uint8Array): Promise<PinAnswer>;
  /** Costs no try. */
  readTries(session: CardSession): Promise<PinTries>;
  changePin(session: CardSession, pin: 'pin1' | 'pin2', oldCode: Uint8Array, newCode: Uint8Array): Promise<PinAnswer>;
  unblockPin(session: CardSession, pin: 'pin1' | 'pin2', puk: Uint8Array, newCode: Uint8Array): Promise<PinAnswer>;
  /** Hashes `content` (SHA-256; SHA-384 with P-384) and signs: PKCS#1 v1.5, or ECDSA as a DER SEQUENCE. */
  sign(session: CardSession, key: CardKeyName, algorithm: KeyAlgorithm, content: Uint8Array): Promise<Uint8Array>;
}

export type PinAnswer = { readonly isRight: true } | { readonly isRight: false; readonly triesLeft: number };

export interface CardCodes {
  /** 4 digits. Source: CR-05 */
  readonly pin1: Uint8Array;
  /** 5 digits. */
  readonly pin2: Uint8Array;
  /** 8 digits. */
  readonly puk: Uint8Array;
  /** 8 bytes in 01 … FE. */
  readonly issuerCode: Uint8Array;
}

export interface CardObjects {
  /** At most 16 hex digits, an even number of them: tools show no more. */
  readonly cardSerial: string;
  readonly algorithm: KeyAlgorithm;
}

export interface CardContents extends CardObjects {
  readonly certificates: Readonly<Record<CardKeyName, Uint8Array>>;
}

/** The card answered a status word that nobody expected there. */
export class CardRefusal extends Error {
  /** e.g. `6A88` */
  readonly statusWord: string;
  constructor(statusWord: string, command: string) {
    super(`the card answered ${statusWord} to ${command}`);
    this.statusWord = statusWord;
  }
}
