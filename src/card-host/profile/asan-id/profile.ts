import { createHash } from 'node:crypto';
import type { CardSession } from '../../../shared/card-host/card-port.ts';
import type { CardCodes, CardProfile, PinAnswer } from '../../../shared/card-host/card-profile.ts';
import type { KeyAlgorithm } from '../../../shared/card-host/host-protocol.ts';
import { concat, fromHex, toHex, type Bytes } from '../der.ts';
import {
  change,
  chooseKey,
  activate,
  computeSignature,
  createAndWrite,
  createAnew,
  demand,
  done,
  findFile,
  generateEcKey,
  generateRsaKey,
  getData,
  keyGenerationMs,
  objectCodes,
  padded,
  putData,
  refusal,
  select,
  selectApplication,
  selectMasterFile,
  signatureAlgorithms,
  statusWords,
  transmit,
  transmitCode,
  unblock,
  verify,
} from './commands.ts';
import { findCodeDifferences, findDifferences } from './differences.ts';
import {
  application,
  applicationId,
  atrHex,
  certificateFileIds,
  codeLengths,
  contentFile,
  fileIds,
  folderAccess,
  issuerReference,
  issuerTries,
  keyFile,
  keyFileIds,
  listBytes,
  pathOf,
  pinReferences,
  pinTries,
  twoBytes,
} from './files.ts';
import { listContents, writtenList } from './contents.ts';
import { directory } from './objects.ts';
import { findPublicKeyInfo } from './public-keys.ts';
import { isLifeClosed, isMadeOnChip, readCardSerial, readControl, readPinTries, readSight } from './sight.ts';

/** The Asan ID card: PKCS#15 on the MyEID/OsEID command set. Source: cards.md §3 */
export const asanIdProfile: CardProfile = {
  name: 'asan_id',
  knowsAtr: (atr) => toHex(atr) === atrHex,
  readChipSerial,
  readCardSerial,
  read: async (session) => readSight(session, await readChipSerial(session)),
  wipe,
  setCodes,
  async generateKey(session, key, algorithm) {
    await demand(session, select(twoBytes(application)), 'SELECT');
    await createAnew(session, keyFile(key, algorithm));
    const apdu = algorithm === 'rsa-2048' ? generateRsaKey() : generateEcKey();
    const info = findPublicKeyInfo(algorithm, await demand(session, apdu, 'GENERATE', keyGenerationMs));
    if (info === undefined) throw refusal(done, 'GENERATE with something that is no public key');
    return info;
  },
  async readPublicKey(session, key, algorithm) {
    const control = await findFile(session, pathOf(keyFileIds[key]));
    if (control === undefined) return null;
    // A closed card tells it to nobody without the PIN, and does not say so.
    if (isLifeClosed(control)) throw refusal(statusWords.securityNotSatisfied, 'GET DATA');
    if (!isMadeOnChip(readControl(control))) return null;
    const { data, statusWord } = await transmit(session, getData(algorithm === 'rsa-2048' ? objectCodes.modulus : objectCodes.ecPoint));
    // Another kind of key than the one asked for.
    if (statusWord === statusWords.dataMissing) return null;
    if (statusWord !== done) throw refusal(statusWord, 'GET DATA');
    return findPublicKeyInfo(algorithm, data) ?? null;
  },
  async writeCertificate(session, key, der) {
    await demand(session, select(twoBytes(application)), 'SELECT');
    await createAndWrite(session, contentFile(certificateFileIds[key], der.length), der);
  },
  async writeObjects(session, objects) {
    await demand(session, select(twoBytes(application)), 'SELECT');
    for (const { id, der, isList } of listContents(objects)) {
      await createAndWrite(session, contentFile(id, isList ? listBytes : der.length), isList ? writtenList(der) : der);
    }
    await demand(session, selectMasterFile(), 'SELECT');
    await createAndWrite(session, contentFile(fileIds.directory, directory().length), directory());
  },
  close,
  async verifyPin(session, pin, code) {
    return pinAnswer(await transmitCode(session, verify(pinReferences[pin], padded(code))), 'VERIFY');
  },
  readTries: readPinTries,
  async changePin(session, pin, oldCode, newCode) {
    return replacePin(session, change, pinReferences[pin], oldCode, newCode);
  },
  async unblockPin(session, pin, puk, newCode) {
    return replacePin(session, unblock, pinReferences[pin], puk, newCode);
  },
  async sign(session, key, algorithm, content) {
    await demand(session, select(pathOf(keyFileIds[key])), 'SELECT');
    const method = algorithm === 'rsa-2048' ? signatureAlgorithms.pkcs1 : signatureAlgorithms.ecdsa;
    await demand(session, chooseKey(method, keyFileIds[key]), 'MANAGE SECURITY ENVIRONMENT');
    return demand(session, computeSignature(signedInput(algorithm, content)), 'COMPUTE DIGITAL SIGNATURE');
  },
  findDifferences,
  findCodeDifferences,
};

/** Name 5, version 3, serial 10, counter 2. */
const appletInfoBytes = 20;
const serialAt = 8;
const serialBytes = 10;

/** One command where the applet is selected of itself, as on a card with nothing else on it. */
async function readChipSerial(session: CardSession): Promise<string> {
  const apdu = getData(objectCodes.appletInfo, appletInfoBytes);
  let answer = await transmit(session, apdu);
  if (answer.statusWord !== done) {
    await transmit(session, selectApplication(applicationId));
    answer = await transmit(session, apdu);
  }
  if (answer.statusWord !== done || answer.data.length !== appletInfoBytes) throw refusal(answer.statusWord, 'GET DATA');
  return toHex(answer.data.subarray(serialAt, serialAt + serialBytes));
}

async function wipe(session: CardSession, issuerCode: Uint8Array | null): Promise<void> {
  // The first two bytes ask for all the memory there is.
  const format = putData(objectCodes.format, [0xff, 0xff, ...folderAccess, ...folderAccess]);
  if (issuerCode !== null) {
    const statusWord = await transmitCode(session, verify(issuerReference, padded(issuerCode)));
    if (statusWord !== done) throw refusal(statusWord, 'VERIFY');
  }
  await demand(session, format, 'INITIALISE');
}

async function setCodes(session: CardSession, codes: CardCodes): Promise<void> {
  const record = (reference: number, code: Uint8Array, puk: Uint8Array, settings: Bytes): Uint8Array => {
    const contents = concat(padded(code, puk), settings);
    const apdu = putData(reference, contents);
    contents.fill(0);
    return apdu;
  };
  const pinSettings = (minimum: number): Bytes => [pinTries, pinTries, 0, 0, 0, minimum, codeLengths.puk];
  // Nobody unblocks the issuer code: its PUK has no try from the beginning.
  const issuerSettings = [issuerTries, 0, 0, 0, 0, codeLengths.puk, codeLengths.puk];
  const records = [
    record(pinReferences.pin1, codes.pin1, codes.puk, pinSettings(codeLengths.pin1)),
    record(pinReferences.pin2, codes.pin2, codes.puk, pinSettings(codeLengths.pin2)),
    record(issuerReference, codes.issuerCode, codes.issuerCode, issuerSettings),
  ];
  try {
    for (const apdu of records) {
      const statusWord = await transmitCode(session, apdu);
      if (statusWord !== done) throw refusal(statusWord, 'INITIALISE PIN');
    }
  } finally {
    for (const apdu of records) apdu.fill(0);
  }
}

/** A card that is closed without an issuer code could never be wiped again, so the record has to be there. */
async function close(session: CardSession): Promise<void> {
  await demand(session, getData(objectCodes.pinInfo(issuerReference)), 'GET DATA');
  const { statusWord } = await transmit(session, activate(applicationId));
  if (statusWord === done) return;
  if (!isLifeClosed((await findFile(session, twoBytes(0x3f00))) ?? new Uint8Array(0))) throw refusal(statusWord, 'ACTIVATE');
}

/** 63Cx: x tries left; 6983: none. */
function pinAnswer(statusWord: number, command: string): PinAnswer {
  if (statusWord === done) return { isRight: true };
  if (statusWord === statusWords.codeBlocked) return { isRight: false, triesLeft: 0 };
  if (statusWord >> 4 === 0x63c) return { isRight: false, triesLeft: statusWord & 0x0f };
  throw refusal(statusWord, command);
}

async function replacePin(
  session: CardSession,
  build: (reference: number, both: Bytes) => Uint8Array,
  reference: number,
  proof: Uint8Array,
  newCode: Uint8Array,
): Promise<PinAnswer> {
  const both = padded(proof, newCode);
  const apdu = build(reference, both);
  both.fill(0);
  return pinAnswer(await transmitCode(session, apdu), 'CHANGE');
}

const sha256InfoHead = fromHex('3031300D060960864801650304020105000420');

/** With RSA the card pads what it gets; with ECDSA it takes the hash as it is. */
function signedInput(algorithm: KeyAlgorithm, content: Uint8Array): Uint8Array {
  const hash = createHash(algorithm === 'p-384' ? 'sha384' : 'sha256')
    .update(content)
    .digest();
  return algorithm === 'rsa-2048' ? concat(sha256InfoHead, hash) : new Uint8Array(hash);
}
