import { constants, createPrivateKey, generateKeyPair, privateEncrypt, type JsonWebKey, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { p256, p384 } from '@noble/curves/nist.js';
import { fromHex, refuse, sw, toHex, type CommandApdu } from './apdu.ts';
import { highNibble, isMet, lowNibble, requireMet, type CardMemory, type CardSecurity } from './card-memory.ts';
import type { CardFile } from './card-state.ts';
import { curves } from './curves.ts';
import { findElementaryFile, type Selection } from './files.ts';
import { assembleEcKey, assembleRsaKey } from './key-parts.ts';

/** Keys: made on the chip, read back, used. Source: cards.md §3.4, §10 */
const generate = promisify(generateKeyPair);

const rsaType = 0x11;
const ecType = 0x22;
const rsaSizes = [1024, 1536, 2048];
const kindOf = (file: CardFile): number => file.type & 0xbf;
const isKeyFile = (file: CardFile): boolean => kindOf(file) === rsaType || kindOf(file) === ecType;

/** Low nibble of byte 1 of tag 85. */
const loadedFromOutside = 0x01;
const generatedOnChip = 0x03;

const privateKeyOf = (file: CardFile): KeyObject =>
  createPrivateKey({ key: Buffer.from(fromHex(file.privateKeyHex)), format: 'der', type: 'pkcs8' });
const toPkcs8 = (key: KeyObject): Uint8Array => Uint8Array.from(key.export({ format: 'der', type: 'pkcs8' }));
const jwkOf = (file: CardFile): JsonWebKey => privateKeyOf(file).export({ format: 'jwk' });
const fromBase64 = (text = ''): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64url'));

const modulusOf = (file: CardFile): Uint8Array => fromBase64(jwkOf(file).n);

function pointOf(file: CardFile): Uint8Array {
  const { x, y } = jwkOf(file);
  return Uint8Array.of(0x04, ...fromBase64(x), ...fromBase64(y));
}

/** Generates into the selected key file and answers the public key: the modulus, or `86 len 04 X Y`. A file that holds a key is refused. */
export async function generateKey(
  memory: CardMemory,
  security: CardSecurity,
  selection: Selection,
  { p1, p2, data }: CommandApdu,
  pause: () => Promise<void>,
): Promise<Uint8Array> {
  if (p1 !== 0 || p2 !== 0) refuse(sw.wrongParameters);
  const file = memory.getFile(selection.uid);
  if (!isKeyFile(file)) refuse(sw.wrongFileType);
  requireMet(memory, security, lowNibble(file.ac[1]));
  requireMet(memory, security, lowNibble(file.ac[0]));
  const isRsa = kindOf(file) === rsaType;
  if (isRsa ? data.length !== 0 && !/^3005(?:81|02)03010001$/.test(toHex(data)) : data.length !== 0) refuse(sw.dataInvalid);
  const curve = curves[file.size];
  if (isRsa ? !rsaSizes.includes(file.size) : curve === undefined) refuse(sw.wrongFileType);
  if (file.privateKeyHex !== '' || Object.keys(file.parts).length > 0) refuse(sw.dataInvalid);
  const { power } = memory;
  await pause();
  const { privateKey } = isRsa
    ? await generate('rsa', { modulusLength: file.size, publicExponent: 0x10001 })
    : await generate('ec', { namedCurve: curve?.name ?? '' });
  memory.write(() => storeKey(file, privateKey, generatedOnChip), power);
  const publicKey = isRsa ? modulusOf(file) : pointOf(file);
  return isRsa ? publicKey : Uint8Array.of(0x86, publicKey.length, ...publicKey);
}

function storeKey(file: CardFile, key: KeyObject, origin: number): void {
  file.privateKeyHex = toHex(toPkcs8(key));
  file.prop = [(file.prop[0] & 0xf0) | origin, file.prop[1]];
}

/** `CA0100`, `CA0101`, `CA0102`, `CA0186` of the selected key file. Without the PIN of its use even the public part is not told. */
export function publicKeyData(memory: CardMemory, security: CardSecurity, selection: Selection, which: number): Uint8Array {
  const file = memory.getFile(selection.uid);
  const wanted = which === 0x86 ? ecType : rsaType;
  if (kindOf(file) !== wanted || file.privateKeyHex === '' || !isMet(memory, security, highNibble(file.ac[0])))
    refuse(sw.referenceNotFound);
  switch (which) {
    case 0x00:
      return Uint8Array.of(0x92, 0x00, file.size >> 8, file.size & 0xff, 0x00, 0x18);
    case 0x01:
      return modulusOf(file);
    case 0x02:
      return Uint8Array.of(1, 0, 1);
    default: {
      const point = pointOf(file);
      return Uint8Array.of(0x30, point.length, ...point);
    }
  }
}

/** `DA0180` … `DA0187`: a key that was made elsewhere, part by part. It is usable when all parts are there. */
export function loadKeyPart(memory: CardMemory, security: CardSecurity, selection: Selection, part: number, data: Uint8Array): void {
  const file = memory.getFile(selection.uid);
  if (!isKeyFile(file)) refuse(sw.wrongFileType);
  requireMet(memory, security, lowNibble(file.ac[0]));
  const name = part.toString(16);
  if (file.privateKeyHex !== '' || file.parts[name] !== undefined) refuse(sw.dataInvalid);
  const parts = { ...file.parts, [name]: toHex(data) };
  const key = kindOf(file) === rsaType ? assembleRsaKey(parts) : assembleEcKey(parts, curves[file.size] ?? refuse(sw.wrongFileType));
  memory.write(() => {
    file.parts = parts;
    if (key === undefined) return;
    file.parts = {};
    storeKey(file, key, loadedFromOutside);
  });
}

/** What MANAGE SECURITY ENVIRONMENT set: the algorithm and the key that the next signature uses. */
export interface SecurityEnvironment {
  readonly algorithm: number | undefined;
  readonly keyUid: number | undefined;
}

const rawRsa = 0x00;
const pkcs1 = 0x02;
const ecdsa = 0x04;
const pkcs1Sha1 = 0x12;
const algorithms = [rawRsa, pkcs1, ecdsa, pkcs1Sha1];

/** SET for a digital signature (41 B6), or RESTORE of the empty environment (F3 00). What was set before is gone in any case. */
export function manageEnvironment(memory: CardMemory, selection: Selection, { p1, p2, data, le }: CommandApdu): SecurityEnvironment {
  if (p1 === 0xf3) {
    if (p2 !== 0 || data.length !== 0 || le !== 0) refuse(sw.lengthAgainstParameters);
    return { algorithm: undefined, keyUid: undefined };
  }
  if (p1 !== 0x41 || p2 !== 0xb6) refuse(sw.notSupported);
  if (le !== 0 || data.length === 0) refuse(sw.wrongLength);
  let [algorithm, keyUid]: [number | undefined, number | undefined] = [undefined, undefined];
  for (let at = 0; at < data.length;) {
    const [tag = 0, length = 0] = data.subarray(at, at + 2);
    const value = data.subarray(at + 2, at + 2 + length);
    if (length === 0 || value.length !== length) refuse(sw.dataInvalid);
    const [first = 0, second = 0] = value;
    if (tag === 0x80) {
      if (length !== 1 || !algorithms.includes(first)) refuse(sw.notSupported);
      algorithm = first;
    } else if (tag === 0x81) {
      if (length !== 2) refuse(sw.notSupported);
      keyUid = findElementaryFile(memory, selection, (first << 8) | second)?.uid ?? refuse(sw.referenceNotFound);
    } else if (tag === 0x84) {
      if (length !== 1 || first !== 0) refuse(sw.notSupported);
    } else {
      refuse(sw.dataInvalid);
    }
    at += 2 + length;
  }
  return { algorithm, keyUid };
}

/**
 * PERFORM SECURITY OPERATION, compute a digital signature, over all the data of a chain. Whatever comes of it, the PIN that the key asks for every
 * single time is forgotten.
 */
export function computeSignature(
  memory: CardMemory,
  security: CardSecurity,
  { algorithm, keyUid }: SecurityEnvironment,
  { p1, p2, data }: CommandApdu,
): Uint8Array {
  if (p1 !== 0x9e || p2 !== 0x9a) refuse(sw.wrongParameters);
  if (algorithm === undefined || keyUid === undefined) refuse(sw.conditionsNotSatisfied);
  const file = memory.findFile(keyUid) ?? refuse(sw.referenceNotFound);
  try {
    requireMet(memory, security, highNibble(file.ac[0]));
    if (!isKeyFile(file) || file.privateKeyHex === '') refuse(sw.conditionsNotSatisfied);
    if ((algorithm === ecdsa) !== (kindOf(file) === ecType)) refuse(sw.conditionsNotSatisfied);
    return algorithm === ecdsa ? signHash(file, data) : signRsa(file, algorithm, data);
  } finally {
    const once = highNibble(file.prop[0]);
    if (once !== 0) security.verified.delete(once);
  }
}

/** The hash must be as long as the curve's field: this kind of card does not pad. Node cannot sign a ready hash, so the curve does it itself. */
function signHash(file: CardFile, hash: Uint8Array): Uint8Array {
  const curve = curves[file.size];
  if (curve === undefined || hash.length !== curve.bytes) refuse(sw.wrongLength);
  const secret = fromBase64(jwkOf(file).d);
  return (curve.jwk === 'P-256' ? p256 : p384).sign(hash, secret, { prehash: false, lowS: false, format: 'der' });
}

const sha1Prefix = fromHex('3021300906052B0E03021A05000414');

function signRsa(file: CardFile, algorithm: number, data: Uint8Array): Uint8Array {
  const bytes = file.size / 8;
  const key = privateKeyOf(file);
  if (algorithm === rawRsa) {
    if (data.length !== bytes) refuse(sw.wrongLength);
    if (Buffer.compare(data, modulusOf(file)) >= 0) refuse(sw.wrongData);
    return Uint8Array.from(privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, data));
  }
  if (algorithm === pkcs1Sha1 && data.length !== 20) refuse(sw.wrongLength);
  // At most 40 per cent of the modulus may be signed with the card's own padding.
  if (data.length === 0 || data.length > Math.floor(bytes * 0.4)) refuse(sw.wrongLength);
  const info = algorithm === pkcs1Sha1 ? Uint8Array.of(...sha1Prefix, ...data) : data;
  return Uint8Array.from(privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, info));
}
