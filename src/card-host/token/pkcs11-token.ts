import type * as Pkcs11Module from 'pkcs11js';
import { TokenFault, type MasterMac } from './code-deriver.ts';

/** Name of the master key in the token; the number belongs to the derivation, a new one would be other codes for every card. */
export const masterKeyLabel = 'qeyd-card-master-1';

export interface TokenAddress {
  /** Whole path of the PKCS#11 module. */
  readonly modulePath: string;
  /** The token is found by it every time: slot numbers change. Source: cards.md §7 */
  readonly label: string;
  /** UTF-8; read at every use, never kept elsewhere. */
  readonly pin: Uint8Array;
}

export interface Pkcs11Token {
  readonly mac: MasterMac;
  /** Resolves when the master key is there and may be used; throws `TokenFault` otherwise. */
  check(): Promise<void>;
  /** Makes the master key where there is none; `isNew` false: it was there. Throws `TokenFault`. */
  makeMasterKey(): Promise<{ readonly isNew: boolean }>;
  /** Frees the module; nothing is under way then. */
  close(): Promise<void>;
}

type Binding = typeof Pkcs11Module;
interface OpenSession {
  readonly binding: Binding;
  readonly library: Pkcs11Module.PKCS11;
  readonly session: Pkcs11Module.Handle;
}

/**
 * The centre's token behind a PKCS#11 module. Every use logs in, finds the key and logs out again, one use at a time, so that a token that was
 * pulled and put back works on. A key that could ever be taken out of its token is not used. Source: cards.md §3.2, §7; ADR-0027
 */
export function openPkcs11Token(address: TokenAddress): Pkcs11Token {
  let library: { readonly binding: Binding; readonly library: Pkcs11Module.PKCS11 } | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const loaded = async (): Promise<NonNullable<typeof library>> => {
    library ??= await loadLibrary(address.modulePath);
    return library;
  };

  const use = <T>(work: (open: OpenSession) => Promise<T>): Promise<T> => {
    const turn = last.then(async () => {
      const { binding, library: module } = await loaded();
      return withSession(binding, module, address, work);
    });
    last = turn.catch(() => undefined);
    return turn;
  };

  return {
    mac: (message) =>
      use(async (open) => {
        const key = getMasterKey(open);
        open.library.C_SignInit(open.session, { mechanism: open.binding.CKM_SHA256_HMAC }, key);
        const out = await open.library.C_SignAsync(open.session, Buffer.from(message), Buffer.alloc(32));
        if (out.byteLength !== 32) throw new TokenFault('TOKEN_FAILED', 'the token gave a short HMAC');
        return new Uint8Array(out.buffer, out.byteOffset, out.byteLength);
      }),
    check: () =>
      use((open) => {
        getMasterKey(open);
        return Promise.resolve();
      }),
    makeMasterKey: () =>
      use<{ readonly isNew: boolean }>((open) => {
        if (listMasterKeys(open).length > 0) {
          getMasterKey(open);
          return Promise.resolve({ isNew: false });
        }
        const { binding, library: module, session } = open;
        module.C_GenerateKey(session, { mechanism: binding.CKM_GENERIC_SECRET_KEY_GEN }, [
          { type: binding.CKA_CLASS, value: binding.CKO_SECRET_KEY },
          { type: binding.CKA_KEY_TYPE, value: binding.CKK_GENERIC_SECRET },
          { type: binding.CKA_LABEL, value: masterKeyLabel },
          { type: binding.CKA_VALUE_LEN, value: 32 },
          { type: binding.CKA_TOKEN, value: true },
          { type: binding.CKA_PRIVATE, value: true },
          { type: binding.CKA_SENSITIVE, value: true },
          { type: binding.CKA_EXTRACTABLE, value: false },
          { type: binding.CKA_SIGN, value: true },
        ]);
        getMasterKey(open);
        return Promise.resolve({ isNew: true });
      }),
    async close() {
      await last;
      library?.library.close();
      library = undefined;
    },
  };
}

async function loadLibrary(modulePath: string): Promise<{ binding: Binding; library: Pkcs11Module.PKCS11 }> {
  const module = await import('pkcs11js').catch(() => {
    throw new TokenFault('TOKEN_MISSING', 'the package pkcs11js could not be loaded');
  });
  // A CommonJS package: by name only a part of it is found, its default export is the whole.
  const binding = (module as unknown as { readonly default: Binding }).default;
  const library = new binding.PKCS11();
  try {
    library.load(modulePath);
  } catch {
    throw new TokenFault('TOKEN_MISSING', 'the PKCS#11 module could not be loaded');
  }
  try {
    library.C_Initialize({ flags: binding.CKF_OS_LOCKING_OK });
  } catch (error) {
    if (codeOf(error) !== binding.CKR_CRYPTOKI_ALREADY_INITIALIZED) {
      library.close();
      throw asTokenFault(error);
    }
  }
  return { binding, library };
}

async function withSession<T>(
  binding: Binding,
  library: Pkcs11Module.PKCS11,
  address: TokenAddress,
  work: (open: OpenSession) => Promise<T>,
): Promise<T> {
  try {
    const slot = findSlot(library, address.label);
    if (slot === undefined) throw new TokenFault('TOKEN_MISSING', 'no slot holds a token of that label');
    const session = library.C_OpenSession(slot, binding.CKF_SERIAL_SESSION | binding.CKF_RW_SESSION);
    try {
      library.C_Login(session, binding.CKU_USER, new TextDecoder().decode(address.pin));
      try {
        return await work({ binding, library, session });
      } finally {
        library.C_Logout(session);
      }
    } finally {
      library.C_CloseSession(session);
    }
  } catch (error) {
    throw asTokenFault(error);
  }
}

function findSlot(library: Pkcs11Module.PKCS11, label: string): Pkcs11Module.Handle | undefined {
  // Padded with blanks by the standard, with NULs by whoever forgot to.
  const plain = (text: string) => text.replace(/[\0 ]+$/u, '');
  const found = library.C_GetSlotList(true).filter((slot) => plain(library.C_GetTokenInfo(slot).label) === plain(label));
  if (found.length > 1) throw new TokenFault('TOKEN_FAILED', 'two tokens carry that label');
  return found[0];
}

function listMasterKeys({ binding, library, session }: OpenSession): Pkcs11Module.Handle[] {
  library.C_FindObjectsInit(session, [
    { type: binding.CKA_CLASS, value: binding.CKO_SECRET_KEY },
    { type: binding.CKA_LABEL, value: masterKeyLabel },
  ]);
  try {
    return library.C_FindObjects(session, 2);
  } finally {
    library.C_FindObjectsFinal(session);
  }
}

function getMasterKey(open: OpenSession): Pkcs11Module.Handle {
  const [key, second] = listMasterKeys(open);
  if (key === undefined) throw new TokenFault('TOKEN_MISSING', 'the token holds no master key');
  if (second !== undefined) throw new TokenFault('TOKEN_FAILED', 'the token holds two master keys');
  const { binding, library, session } = open;
  const attributes = library.C_GetAttributeValue(session, key, [
    { type: binding.CKA_NEVER_EXTRACTABLE },
    { type: binding.CKA_ALWAYS_SENSITIVE },
    { type: binding.CKA_LOCAL },
  ]);
  if (!attributes.every(({ value }) => Buffer.isBuffer(value) && value.length === 1 && value[0] === 1)) {
    throw new TokenFault('TOKEN_FAILED', 'the master key was not made in this token, or can be taken out of it');
  }
  return key;
}

function codeOf(error: unknown): number | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : undefined;
}

/** Name of the call and number of the answer; PKCS#11 texts hold no secret. */
function asTokenFault(error: unknown): TokenFault {
  if (error instanceof TokenFault) return error;
  const code = codeOf(error);
  return new TokenFault('TOKEN_FAILED', code === undefined ? 'the token refused' : `CKR 0x${code.toString(16).padStart(8, '0')}`);
}
