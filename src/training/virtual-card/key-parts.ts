import { createPrivateKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { refuse, sw } from './apdu.ts';
import type { Curve } from './curves.ts';

/** Keys that were made elsewhere and come to the card in parts, by the number of the part in hex: the value in hex. */
export type KeyParts = Readonly<Record<string, string>>;

const base64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64url');

/** The key that the parts make, or nothing while they are not enough. 87: the private value, 86: the point. */
export function assembleEcKey({ '87': secret, '86': point, ...others }: KeyParts, { jwk, bytes }: Curve): KeyObject | undefined {
  if (Object.keys(others).length > 0) refuse(sw.wrongParameters);
  if (secret !== undefined && secret.length !== 2 * bytes) refuse(sw.wrongLength);
  if (point !== undefined && point.length !== 4 * bytes + 2) refuse(sw.wrongLength);
  if (secret === undefined || point === undefined) return undefined;
  const [x, y] = [point.slice(2, 2 + 2 * bytes), point.slice(2 + 2 * bytes)];
  return createKey({ kty: 'EC', crv: jwk, d: base64(secret), x: base64(x), y: base64(y) });
}

/** 80 modulus, 81 public exponent, 83 and 84 the primes, 85 … 87 what the remainder theorem needs; the private exponent is not among them. */
export function assembleRsaKey({
  '80': n,
  '81': e,
  '83': p,
  '84': q,
  '85': dp,
  '86': dq,
  '87': qi,
  ...others
}: KeyParts): KeyObject | undefined {
  if (Object.keys(others).length > 0) refuse(sw.wrongParameters);
  if (n === undefined || e === undefined || p === undefined || q === undefined) return undefined;
  if (dp === undefined || dq === undefined || qi === undefined) return undefined;
  const d = privateExponent(e, p, q);
  return createKey({
    kty: 'RSA',
    n: base64(n),
    e: base64(e),
    d: base64(d),
    p: base64(p),
    q: base64(q),
    dp: base64(dp),
    dq: base64(dq),
    qi: base64(qi),
  });
}

function createKey(key: JsonWebKey): KeyObject {
  try {
    return createPrivateKey({ format: 'jwk', key });
  } catch {
    // The parts are of no key, or of different ones.
    return refuse(sw.dataInvalid);
  }
}

/** e⁻¹ mod (p−1)(q−1) */
function privateExponent(eHex: string, pHex: string, qHex: string): string {
  const phi = (BigInt(`0x${pHex}`) - 1n) * (BigInt(`0x${qHex}`) - 1n);
  if (phi <= 0n) return refuse(sw.dataInvalid);
  let [a, b, x, y] = [phi, BigInt(`0x${eHex}`) % phi, 0n, 1n];
  while (b !== 0n) [a, b, x, y] = [b, a % b, y, x - (a / b) * y];
  const hex = (((x % phi) + phi) % phi).toString(16);
  return hex.length % 2 === 0 ? hex : `0${hex}`;
}
