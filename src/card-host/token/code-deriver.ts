/**
 * The codes of a card that are never stored: each is derived from the card serial under a master key that does not leave its token, so that a
 * closed card can be wiped or unblocked years later and no database holds a secret. Source: cards.md §3.2; ADR-0027
 */
export interface CodeDeriver {
  /** 8 digits. The caller wipes the buffer. Throws `TokenFault`. */
  puk(cardSerial: string): Promise<Uint8Array>;
  /** 8 bytes in 01 … FE: a card takes 00 and FF for padding. The caller wipes the buffer. Throws `TokenFault`. */
  issuerCode(cardSerial: string): Promise<Uint8Array>;
}

/** `TOKEN_MISSING`: no package, module, token or key; `TOKEN_FAILED`: it is there and refused. `detail` never names a secret. */
export class TokenFault extends Error {
  readonly code: 'TOKEN_MISSING' | 'TOKEN_FAILED';
  constructor(code: 'TOKEN_MISSING' | 'TOKEN_FAILED', detail: string) {
    super(`${code}: ${detail}`);
    this.code = code;
  }
}

/** HMAC-SHA-256 under the master key; 32 bytes that the caller wipes. */
export type MasterMac = (message: Uint8Array) => Promise<Uint8Array>;

/** Derivation over any keyed function: PKCS#11 token, training key, and the tests. */
export function createCodeDeriver(mac: MasterMac): CodeDeriver {
  return {
    puk: (cardSerial) => mapped(mac, 'puk', cardSerial, 10, (value) => 0x30 + value),
    issuerCode: (cardSerial) => mapped(mac, 'issuer', cardSerial, 254, (value) => value + 1),
  };
}

const codeLength = 8;

/**
 * Unbiased: a byte of the stream at or above the largest multiple of `choices` is passed over, so every value is equally likely. The stream is
 * MAC(label | serial | block number); a block that does not suffice is followed by the next.
 */
async function mapped(
  mac: MasterMac,
  label: string,
  cardSerial: string,
  choices: number,
  toByte: (value: number) => number,
): Promise<Uint8Array> {
  const limit = 256 - (256 % choices);
  const code = new Uint8Array(codeLength);
  let filled = 0;
  for (let block = 0; filled < codeLength; block += 1) {
    const bytes = await mac(new TextEncoder().encode(`qeyd-card-${label}-1\0${cardSerial}\0${block}`));
    for (const byte of bytes) {
      if (filled === codeLength) break;
      if (byte < limit) code[filled++] = toByte(byte % choices);
    }
    bytes.fill(0);
  }
  return code;
}
