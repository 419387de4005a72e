import { createHash } from 'node:crypto';
import serialize from 'canonicalize';

/** RFC 8785 text of a JSON value; keys whose value is undefined are left out. A value that is no JSON throws. */
export function canonicalJson(value: unknown): string {
  const text = serialize(value);
  if (text === undefined) throw new Error('Not a JSON value');
  return text;
}

/** RFC 8785 text of an object whose members are canonical already; saves writing a large member twice. Keys are ASCII. */
export function canonicalObject(members: Readonly<Record<string, string>>): string {
  const keys = Object.keys(members).sort();
  return `{${keys.map((key) => `"${key}":${members[key]}`).join(',')}}`;
}

export function sha256(data: string | Uint8Array): Buffer {
  return createHash('sha256').update(data).digest();
}

export function sha256Hex(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
