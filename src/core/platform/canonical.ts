import { hash } from 'node:crypto';
import serialize from 'canonicalize';

/** RFC 8785 text of a JSON value; keys whose value is undefined are left out. A value that is no JSON throws. */
export function canonicalJson(value: unknown): string {
  const text = serialize(value);
  if (text === undefined) throw new Error('Not a JSON value');
  return text;
}

/**
 * RFC 8785 text of an object whose members are canonical already, without the member `name` and, once its value is known, with it: what is signed and
 * what carries the signature. Keys are ASCII.
 */
export function canonicalAround(
  members: Readonly<Record<string, string>>,
  name: string,
): { readonly without: string; readonly with: (value: string) => string } {
  const keys = Object.keys(members).sort();
  const following = keys.findIndex((key) => key > name);
  const at = following < 0 ? keys.length : following;
  const pieces = keys.map((key) => `"${key}":${members[key]}`);
  const objectOf = (parts: readonly string[]): string => `{${parts.join(',')}}`;
  return {
    without: objectOf(pieces),
    with: (value) => objectOf([...pieces.slice(0, at), `"${name}":${value}`, ...pieces.slice(at)]),
  };
}

export function sha256(data: string | Uint8Array): Buffer {
  return hash('sha256', data, 'buffer');
}

export function sha256Hex(data: string | Uint8Array): string {
  return hash('sha256', data, 'hex');
}
