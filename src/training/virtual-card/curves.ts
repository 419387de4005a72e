export interface Curve {
  /** As OpenSSL names it, and as a JSON web key does. */
  readonly name: string;
  readonly jwk: string;
  /** Of its field, and so of a hash that it signs. */
  readonly bytes: number;
}

/** By the size of the key file, which is in bits. */
export const curves: Readonly<Record<number, Curve>> = {
  256: { name: 'prime256v1', jwk: 'P-256', bytes: 32 },
  384: { name: 'secp384r1', jwk: 'P-384', bytes: 48 },
};
