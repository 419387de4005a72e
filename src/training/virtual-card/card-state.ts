import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { toHex } from './apdu.ts';

/**
 * All that a card keeps when its power goes, as one plain object: it can be put into a file and taken out again. What was proven to the card and
 * what is selected is not in here, because power ends it.
 */
const byte = z.number().int().min(0).max(255);
const hexText = z.string().regex(/^(?:[0-9A-F]{2})*$/);

const pinRecordSchema = z.object({
  pinHex: hexText.length(16),
  pukHex: hexText.length(16),
  pinTries: byte,
  pukTries: byte,
  pinMax: byte,
  pukMax: byte,
  flags: byte,
  pinMin: byte,
  pukMin: byte,
});
export type PinRecord = z.infer<typeof pinRecordSchema>;

const cardFileSchema = z.object({
  /** Never used again on this card, so a key that was named and then deleted is not taken for the one created after it. */
  uid: z.number().int(),
  parentUid: z.number().int(),
  fid: z.number().int(),
  /** 01 transparent, 11 RSA key, 22 EC key, 38 directory. */
  type: byte,
  /** 80 or 81: under which tag SELECT tells the size. */
  sizeTag: byte,
  size: z.number().int(),
  /** Access conditions, two nibbles a byte: 0 always, F never, 1 … E the PIN. */
  ac: z.tuple([byte, byte, byte]),
  prop: z.tuple([byte, byte]),
  nameHex: hexText,
  dataHex: hexText,
  /** PKCS#8, DER: of a key file that holds a key. */
  privateKeyHex: hexText,
  /** Key parts that were loaded from outside, until they make a key. */
  parts: z.record(z.string(), hexText),
});
export type CardFile = z.infer<typeof cardFileSchema>;

export const cardStateSchema = z.object({
  format: z.literal(1),
  atrHex: hexText,
  serialHex: hexText.length(20),
  /** 1: being made, no access condition holds; 7: in use. */
  lifecycle: z.union([z.literal(1), z.literal(7)]),
  changeCounter: z.number().int().min(0).max(0xffff),
  nextUid: z.number().int(),
  pins: z.record(z.string(), pinRecordSchema),
  files: z.array(cardFileSchema),
});
export type CardState = z.infer<typeof cardStateSchema>;

/** T=1, historical bytes `QeydOsEID`. Source: cards.md §3 */
export const qeydAtrHex = '3B898131FE45516579644F73454944DF';
/** The PKCS#15 application, which is also the name of 5015. */
export const applicationNameHex = 'A000000063504B43532D3135';

export const mfUid = 1;
export const applicationUid = 2;
export const mfFid = 0x3f00;
export const isDirectory = (file: CardFile): boolean => (file.type & 0xbf) === 0x38;
export const isTransparent = (file: CardFile): boolean => (file.type & 0xbf) === 0x01;

type Conditions = CardFile['ac'];

/** The two files that every card has. As a card leaves its factory, PIN 1 guards what the initialise command does not say otherwise. */
export function emptyFiles(mfAc: Conditions = [0x11, 0x3f, 0xff], applicationAc: Conditions = [0x11, 0x1f, 0xff]): CardFile[] {
  const directory = {
    type: 0x38,
    sizeTag: 0x81,
    size: 0x7fff,
    prop: [0, 2] as [number, number],
    dataHex: '',
    privateKeyHex: '',
    parts: {},
  };
  return [
    { ...directory, uid: mfUid, parentUid: mfUid, fid: mfFid, ac: mfAc, nameHex: '' },
    { ...directory, uid: applicationUid, parentUid: mfUid, fid: 0x5015, ac: applicationAc, nameHex: applicationNameHex },
  ];
}

export interface BlankCardOptions {
  /** 10 bytes; by chance when it is not said. */
  readonly serialHex?: string;
  /** Another card's answer to reset, for the tests of cards that are not ours. */
  readonly atrHex?: string;
}

/** A card as it comes from the factory: blank and in creation state. */
export function createBlankState({ serialHex = toHex(randomBytes(10)), atrHex = qeydAtrHex }: BlankCardOptions = {}): CardState {
  return { format: 1, atrHex, serialHex, lifecycle: 1, changeCounter: 0, nextUid: 3, pins: {}, files: emptyFiles() };
}
