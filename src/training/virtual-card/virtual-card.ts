import { randomBytes } from 'node:crypto';
import { answer, CardStatus, fromHex, isPart, parseApdu, refuse, sw, toHex, type CommandApdu } from './apdu.ts';
import { CardMemory, PowerLost, requireMet, highNibble, type CardSecurity, type Power } from './card-memory.ts';
import { applicationNameHex, applicationUid, emptyFiles, mfUid, type CardFile, type CardState } from './card-state.ts';
import { createFile, deleteFile, deleteTree, listFiles, readBinary, selectFile, updateBinary, type Selection } from './files.ts';
import { computeSignature, generateKey, loadKeyPart, manageEnvironment, publicKeyData, type SecurityEnvironment } from './keys.ts';
import { logOut, pinInformation, replacePin, verifyPin, writePinRecord } from './pins.ts';

/**
 * A card of the MyEID/OsEID command set, as strict as the strictest real one where they differ: what works here works there. One command at a time;
 * the caller waits for the answer. Source: cards.md §3, §5, §10; Aventra MyEID reference manual 2.3.0; ISO 7816-4, -8, -9
 */
export class VirtualCard {
  readonly memory: CardMemory;
  /** Key generation takes so much longer. */
  slowKeysMs = 0;
  #power: Power = { isOn: false, writesLeft: undefined };
  #security: CardSecurity = { verified: new Set() };
  #selection: Selection = { uid: mfUid };
  #environment: SecurityEnvironment = { algorithm: undefined, keyUid: undefined };
  #chain: { readonly header: CommandApdu; readonly data: Uint8Array } | null = null;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(state: CardState) {
    this.memory = new CardMemory(state);
  }

  get atr(): Uint8Array {
    return fromHex(this.memory.state.atrHex);
  }

  /** Power on, or a reset: nothing that was proven or selected holds. `writesLeft` cuts the power after so many writes. */
  reset(): void {
    this.cutPower();
    this.#power = { isOn: true, writesLeft: undefined };
    this.memory.power = this.#power;
    this.#security = { verified: new Set() };
    this.#selection = { uid: mfUid };
    this.#forgetSession();
  }

  /** A command under way writes nothing any more and gets no answer. */
  cutPower(): void {
    this.#power.isOn = false;
  }

  cutPowerAfterWrites(writes: number): void {
    this.#power.writesLeft = writes;
  }

  #forgetSession(): void {
    this.#environment = { algorithm: undefined, keyUid: undefined };
    this.#chain = null;
    this.#rest = new Uint8Array(0);
  }

  /** The whole answer with its status word. Throws `PowerLost` when the power went in the middle. */
  async exchange(bytes: Uint8Array): Promise<Uint8Array> {
    const power = this.#power;
    if (!power.isOn) throw new PowerLost();
    let response: Uint8Array;
    try {
      response = await this.#carryOut(bytes);
    } catch (error) {
      this.#chain = null;
      if (!(error instanceof CardStatus)) throw error;
      response = answer(error.sw);
    }
    // It may have gone while the answer was being made.
    if (!this.#isOn(power)) throw new PowerLost();
    return response;
  }

  #isOn(power: Power): boolean {
    return power.isOn;
  }

  async #carryOut(bytes: Uint8Array): Promise<Uint8Array> {
    const apdu = this.#collect(parseApdu(bytes));
    if (apdu === 'part') return answer(sw.ok);
    if (apdu.ins === 0xc0) return this.#giveRest(apdu);
    this.#rest = new Uint8Array(0);
    const data = (await this.#execute(apdu)) ?? new Uint8Array(0);
    if (apdu.le === 0 || data.length === 0) return answer(sw.ok);
    return this.#give(data, apdu.le);
  }

  /** Puts the parts of a chain together. Only the two commands whose data can be longer than one APDU know chains. */
  #collect(apdu: CommandApdu): CommandApdu | 'part' {
    const chain = this.#chain;
    this.#chain = null;
    const { header } = chain ?? { header: apdu };
    if (apdu.cla !== 0x00 && apdu.cla !== 0x10 && !(apdu.cla === 0xa0 && apdu.ins === 0xe4)) refuse(sw.unknownClass);
    if (!knownInstructions.includes(apdu.ins)) refuse(sw.unknownInstruction);
    const isSame = apdu.ins === header.ins && apdu.p1 === header.p1 && apdu.p2 === header.p2;
    if (!isSame) refuse(sw.lastOfChainExpected);
    if (isPart(apdu) && !chainedInstructions.includes(apdu.ins)) refuse(sw.chainingNotSupported);
    if ((isPart(apdu) || chain !== null) && apdu.data.length === 0) refuse(sw.wrongLength);
    const data = chain === null ? apdu.data : Uint8Array.of(...chain.data, ...apdu.data);
    if (data.length > longestChainBytes) refuse(sw.wrongLength);
    if (!isPart(apdu)) return { ...apdu, data };
    this.#chain = { header: apdu, data };
    return 'part';
  }

  #give(data: Uint8Array, le: number): Uint8Array {
    const now = data.subarray(0, le);
    this.#rest = data.slice(le);
    if (this.#rest.length === 0) return answer(sw.ok, now);
    return answer(0x6100 | (this.#rest.length > 255 ? 0 : this.#rest.length), now);
  }

  #giveRest({ p1, p2, data, le }: CommandApdu): Uint8Array {
    if (p1 !== 0 || p2 !== 0) refuse(sw.wrongParameters);
    if (data.length !== 0 || le === 0) refuse(sw.wrongLength);
    if (this.#rest.length === 0) refuse(sw.conditionsNotSatisfied);
    return this.#give(this.#rest, le);
  }

  async #execute(apdu: CommandApdu): Promise<Uint8Array | undefined> {
    const { memory } = this;
    switch (apdu.ins) {
      case 0xa4:
        return selectFile(memory, this.#selection, apdu);
      case 0xb0:
        return readBinary(memory, this.#security, this.#selection, apdu);
      case 0xca:
        return this.#getData(apdu);
      case 0x46:
        return generateKey(memory, this.#security, this.#selection, apdu, () => this.#pause());
      case 0x2a:
        return computeSignature(memory, this.#security, this.#environment, apdu);
      case 0x84:
        return getChallenge(apdu);
      default:
        this.#change(apdu);
        return undefined;
    }
  }

  /** The commands that answer nothing but their status word. */
  #change(apdu: CommandApdu): void {
    const { memory } = this;
    const commands: Readonly<Record<number, () => void>> = {
      0x20: () => verifyPin(memory, this.#security, apdu),
      0x22: () => this.#manageEnvironment(apdu),
      0x24: () => replacePin(memory, this.#security, apdu, 'pin'),
      0x2c: () => replacePin(memory, this.#security, apdu, 'puk'),
      0x2e: () => logOut(this.#security, apdu),
      0x44: () => this.#activate(apdu),
      0xd6: () => updateBinary(memory, this.#security, this.#selection, apdu),
      0xda: () => this.#putData(apdu),
      0xe0: () => createFile(memory, this.#security, this.#selection, apdu),
      0xe4: () => deleteFile(memory, this.#security, this.#selection, apdu),
    };
    (commands[apdu.ins] ?? (() => refuse(sw.unknownInstruction)))();
  }

  /** What was set before is gone, also when the command is refused. */
  #manageEnvironment(apdu: CommandApdu): void {
    this.#environment = { algorithm: undefined, keyUid: undefined };
    this.#environment = manageEnvironment(this.memory, this.#selection, apdu);
  }

  #getData({ p1, p2, data, le }: CommandApdu): Uint8Array {
    if (p1 !== 0x01) refuse(sw.referenceNotFound);
    if (data.length !== 0 || le === 0) refuse(sw.wrongLength);
    const found = this.#findData(p2);
    // A wrong length is answered with the right one, and nothing else.
    if (le < found.length) refuse(0x6c00 | (found.length & 0xff));
    return found;
  }

  #findData(p2: number): Uint8Array {
    const { state } = this.memory;
    if (p2 >= 0xb0 && p2 <= 0xbf) return pinInformation(this.memory, p2 & 0x0f);
    if (p2 >= 0xa1 && p2 <= 0xa5) return listFiles(this.memory, this.#selection, p2);
    switch (p2) {
      case 0xa0:
        return Uint8Array.of(
          ...Buffer.from('OsEID'),
          4,
          5,
          1,
          ...fromHex(state.serialHex),
          state.changeCounter >> 8,
          state.changeCounter & 0xff,
        );
      case 0xaa:
        return fromHex('0100090800000000000180');
      case 0xac: {
        const proven = state.lifecycle === 1 ? 0xffff : [...this.#security.verified].reduce((bits, pin) => bits | (1 << (pin - 1)), 0);
        return Uint8Array.of(proven >> 8, proven & 0xff);
      }
      case 0x00:
      case 0x01:
      case 0x02:
      case 0x86:
        return publicKeyData(this.memory, this.#security, this.#selection, p2);
      default:
        return refuse(sw.referenceNotFound);
    }
  }

  #putData({ p1, p2, data, le }: CommandApdu): void {
    if (p1 !== 0x01) refuse(sw.wrongParameters);
    if (data.length === 0 || le !== 0) refuse(sw.wrongLength);
    if (p2 === 0xe0) this.#initialise(data);
    else if (p2 >= 1 && p2 <= 14) writePinRecord(this.memory, p2, data);
    else if (p2 >= 0x80 && p2 <= 0x87) loadKeyPart(this.memory, this.#security, this.#selection, p2, data);
    else refuse(sw.notSupported);
  }

  /**
   * Deletes everything and goes back to creation state. On a chip this is not one write: files go one by one, then the codes together with the life
   * cycle, then the two files of every card get their conditions. So until the codes are gone, it can be asked for again with the issuer code.
   */
  #initialise(data: Uint8Array): void {
    if (data.length !== 8) refuse(sw.wrongLength);
    requireMet(this.memory, this.#security, highNibble(this.memory.getFile(mfUid).ac[1]));
    for (const file of this.memory.state.files.filter(({ parentUid, uid }) => isTop(uid, parentUid))) deleteTree(this.memory, file);
    this.memory.write((state) => {
      state.pins = {};
      state.lifecycle = 1;
    });
    const [, , a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = data;
    this.memory.write((state) => {
      state.files = emptyFiles([a, b, c], [d, e, f]);
    });
    this.#security.verified.clear();
    this.#selection.uid = mfUid;
    this.#forgetSession();
  }

  /** From here on the access conditions hold. */
  #activate({ p1, p2, data, le }: CommandApdu): void {
    if (p1 !== 0x04 || p2 !== 0) refuse(sw.wrongParameters);
    if (le !== 0) refuse(sw.wrongLength);
    if (toHex(data) !== applicationNameHex) refuse(sw.fileNotFound);
    if (this.memory.state.lifecycle === 7) return;
    this.memory.write((state) => {
      state.lifecycle = 7;
    });
  }

  async #pause(): Promise<void> {
    if (this.slowKeysMs > 0) await new Promise((resolve) => setTimeout(resolve, this.slowKeysMs));
  }
}

const knownInstructions = [0x20, 0x22, 0x24, 0x2a, 0x2c, 0x2e, 0x44, 0x46, 0x84, 0xa4, 0xb0, 0xc0, 0xca, 0xd6, 0xda, 0xe0, 0xe4];
const chainedInstructions = [0x2a, 0xda];
/** A raw block of RSA-2048 with its leading zero. */
const longestChainBytes = 257;

/** Everything below the two files of every card. */
const isTop = (uid: CardFile['uid'], parentUid: CardFile['parentUid']): boolean =>
  uid !== mfUid && uid !== applicationUid && (parentUid === mfUid || parentUid === applicationUid);

function getChallenge({ p1, p2, data, le }: CommandApdu): Uint8Array {
  if (p1 !== 0 || p2 !== 0) refuse(sw.wrongParameters);
  if (data.length !== 0 || le === 0) refuse(sw.wrongLength);
  if (le === 256) refuse(sw.failed);
  return Uint8Array.from(randomBytes(le));
}
