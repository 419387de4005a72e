import type { CardObjects } from '../../../shared/card-host/card-profile.ts';
import type { CardKeyName } from '../../../shared/card-host/host-protocol.ts';
import { bits, concat, findPath, fromHex, listElements, octets, sequence, smallInteger, tlv, toHex, utf8 } from '../der.ts';
import {
  application,
  applicationId,
  certificateFileIds,
  codeLengths,
  fileIds,
  keyBits,
  keyFileIds,
  masterFile,
  pinReferences,
  twoBytes,
} from './files.ts';

/** Contents of the directory files of PKCS#15. Source: cards.md §3.3; ISO 7816-15 */
const holderName = 'Asan ID';
const maker = 'Qeyd';

/** Key and certificate of one purpose share the id; the PIN that opens the key has it too. */
const ids: Readonly<Record<CardKeyName, number>> = { auth: 1, sign: 2 };
const pukId = 3;
const labels: Readonly<Record<CardKeyName, string>> = { auth: 'Autentifikasiya', sign: 'İmza' };

const absolutePath = (fileId: number): Uint8Array => octets([...twoBytes(masterFile), ...twoBytes(application), ...twoBytes(fileId)]);

/** Whether the serial can stand on a card: whole bytes, and no more of them than tools show. */
export function isCardSerial(cardSerial: string): boolean {
  return /^(?:[0-9A-F]{2}){1,8}$/.test(cardSerial);
}

export function directory(): Uint8Array {
  return tlv(0x61, tlv(0x4f, applicationId), tlv(0x50, text(holderName)), tlv(0x51, [...twoBytes(masterFile), ...twoBytes(application)]));
}

export function objectDirectory(): Uint8Array {
  return concat(
    tlv(0xa8, sequence(absolutePath(fileIds.pins))),
    tlv(0xa0, sequence(absolutePath(fileIds.keys))),
    tlv(0xa4, sequence(absolutePath(fileIds.certificates))),
  );
}

export function tokenInfo(cardSerial: string): Uint8Array {
  if (!isCardSerial(cardSerial)) throw new RangeError('a card serial is 2 … 16 hexadecimal digits, an even number of them');
  return sequence(smallInteger(0), octets(fromHex(cardSerial)), utf8(maker), tlv(0x80, text(holderName)), bits(4, [0x30]));
}

export function pinList(): Uint8Array {
  return concat(
    pinObject('PIN1', ids.auth, pinReferences.pin1, codeLengths.pin1),
    pinObject('PIN2', ids.sign, pinReferences.pin2, codeLengths.pin2),
    // Reference 3 has no record: the PUK is kept inside the records of both PINs, so nobody changes one copy of it alone.
    pinObject('PUK', pukId, 3, codeLengths.puk),
  );
}

function pinObject(label: string, id: number, reference: number, minLength: number): Uint8Array {
  const isPuk = id === pukId;
  return sequence(
    sequence(utf8(label), bits(6, [0xc0]), isPuk ? [] : octets([pukId])),
    sequence(octets([id])),
    tlv(
      0xa1,
      sequence(
        // Initialised, needs padding; the PUK also: change disabled, unblock disabled, unblocks others.
        isPuk ? bits(1, [0x3e]) : bits(2, [0x0c]),
        tlv(0x0a, [1]),
        smallInteger(minLength),
        smallInteger(8),
        smallInteger(8),
        tlv(0x80, [reference]),
        octets([0xff]),
      ),
    ),
  );
}

export function keyList(algorithm: CardObjects['algorithm']): Uint8Array {
  return concat(
    keyObject('auth', algorithm, bits(5, [0x20])),
    // Non-repudiation, and the holder's consent (PIN2) for every single use.
    keyObject('sign', algorithm, bits(6, [0x00, 0x40]), smallInteger(1)),
  );
}

function keyObject(key: CardKeyName, algorithm: CardObjects['algorithm'], usage: Uint8Array, userConsent?: Uint8Array): Uint8Array {
  return tlv(
    algorithm === 'rsa-2048' ? 0x30 : 0xa0,
    sequence(utf8(labels[key]), bits(7, [0x80]), octets([ids[key]]), userConsent ?? []),
    // Sensitive, always was, never extractable, made on the card.
    sequence(octets([ids[key]]), usage, bits(3, [0xb8]), smallInteger(ids[key])),
    tlv(0xa1, sequence(sequence(absolutePath(keyFileIds[key])), smallInteger(keyBits[algorithm]))),
  );
}

export function certificateList(): Uint8Array {
  const one = (key: CardKeyName): Uint8Array =>
    sequence(
      sequence(utf8(labels[key]), bits(0, [])),
      sequence(octets([ids[key]])),
      tlv(0xa1, sequence(sequence(absolutePath(certificateFileIds[key])))),
    );
  return concat(one('auth'), one('sign'));
}

/** The serial of TokenInfo in hexadecimal; empty when there is none. */
export function serialOfTokenInfo(der: Uint8Array): string {
  const serial = findPath(der, 0x30, 0x04);
  return serial === undefined ? '' : toHex(serial);
}

/** Paths of the lists of certificates, from the master file on. */
export function pathsOfCertificateLists(objectDirectoryDer: Uint8Array): readonly Uint8Array[] {
  return listElements(objectDirectoryDer)
    .filter((element) => element.tag === 0xa4)
    .flatMap((element) => findPath(element.value, 0x30, 0x04) ?? []);
}

/** Object id and path of each certificate of a list. */
export function certificatesOfList(der: Uint8Array): readonly { readonly id: Uint8Array; readonly path: Uint8Array }[] {
  return listElements(der).flatMap((element) => {
    const [, own, type] = listElements(element.value);
    const id = own === undefined ? undefined : findPath(own.value, 0x04);
    const path = type?.tag === 0xa1 ? findPath(type.value, 0x30, 0x30, 0x04) : undefined;
    return id === undefined || path === undefined ? [] : [{ id, path }];
  });
}

/** What a certificate is for, by its object id: cards made by other tools count on from it. */
export function keyOfId(id: Uint8Array): CardKeyName | undefined {
  if (id.length !== 1) return undefined;
  return id[0] === ids.auth ? 'auth' : id[0] === ids.sign ? 'sign' : undefined;
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}
