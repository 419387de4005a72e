import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { RegistryError } from '../server/registry-error.ts';

const contentSchema = z.object({ v: z.literal(2), e: z.string(), o: z.string(), p: z.string() });

/** How far the feed of one office was read in one life of the registry: a place for each partition. Desks keep it and never look inside. */
export interface Place {
  readonly epoch: string;
  readonly officeId: string;
  readonly places: readonly number[];
}

export function writeCursor(key: Uint8Array, place: Place): string {
  const text = JSON.stringify({ v: 2, e: place.epoch, o: place.officeId, p: packPlaces(place.places) });
  const content = Buffer.from(text, 'utf8').toString('base64url');
  return `${content}.${seal(key, content)}`;
}

/** A cursor of another life of the registry, of another office or of an older form asks for a resync. Source: F-24 */
export function readCursor(key: Uint8Array, cursor: string, epoch: string, officeId: string): Place {
  const [content = '', given = ''] = cursor.split('.');
  const expected = Buffer.from(seal(key, content), 'utf8');
  const actual = Buffer.from(given, 'utf8');
  if (expected.length !== actual.length || !timingSafeEqual(expected, actual)) throw new RegistryError(400, 'CURSOR_INVALID');
  const place = contentSchema.safeParse(JSON.parse(Buffer.from(content, 'base64url').toString('utf8')));
  if (!place.success || place.data.e !== epoch || place.data.o !== officeId) throw new RegistryError(410, 'CURSOR_EXPIRED');
  return { epoch, officeId, places: unpackPlaces(place.data.p) };
}

/** Seven bits a byte, so that a place of a young registry takes one or two. */
function packPlaces(places: readonly number[]): string {
  const bytes: number[] = [];
  for (const place of places) {
    let rest = place;
    while (rest > 127) {
      bytes.push((rest % 128) + 128);
      rest = Math.floor(rest / 128);
    }
    bytes.push(rest);
  }
  return Buffer.from(bytes).toString('base64url');
}

function unpackPlaces(text: string): number[] {
  const places: number[] = [];
  let place = 0;
  let unit = 1;
  for (const byte of Buffer.from(text, 'base64url')) {
    place += (byte % 128) * unit;
    unit *= 128;
    if (byte > 127) continue;
    places.push(place);
    place = 0;
    unit = 1;
  }
  return places;
}

const secrets = new WeakMap<Uint8Array, KeyObject>();

/** Bytes are made a key again for every seal, at several times the cost of the seal. */
function secretOf(key: Uint8Array): KeyObject {
  const secret = secrets.get(key) ?? createSecretKey(key);
  secrets.set(key, secret);
  return secret;
}

function seal(key: Uint8Array, content: string): string {
  return createHmac('sha256', secretOf(key)).update(content, 'utf8').digest('base64url');
}
