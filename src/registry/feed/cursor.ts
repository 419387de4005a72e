import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { RegistryError } from '../server/registry-error.ts';

const contentSchema = z.object({ e: z.string(), o: z.string(), p: z.number().int().nonnegative() });

/** A place in the feed of one office and one life of the registry; desks keep it and never look inside. */
export interface Place {
  readonly epoch: string;
  readonly officeId: string;
  readonly pos: number;
}

export function writeCursor(key: Uint8Array, place: Place): string {
  const content = Buffer.from(JSON.stringify({ e: place.epoch, o: place.officeId, p: place.pos }), 'utf8').toString('base64url');
  return `${content}.${seal(key, content)}`;
}

/** Source: F-24: a cursor of another life of the registry asks for a resync. */
export function readCursor(key: Uint8Array, cursor: string, epoch: string, officeId: string): Place {
  const [content = '', given = ''] = cursor.split('.');
  const expected = Buffer.from(seal(key, content), 'utf8');
  const actual = Buffer.from(given, 'utf8');
  if (expected.length !== actual.length || !timingSafeEqual(expected, actual)) throw new RegistryError(400, 'CURSOR_INVALID');
  const place = contentSchema.parse(JSON.parse(Buffer.from(content, 'base64url').toString('utf8')));
  if (place.e !== epoch || place.o !== officeId) throw new RegistryError(410, 'CURSOR_EXPIRED');
  return { epoch: place.e, officeId: place.o, pos: place.p };
}

function seal(key: Uint8Array, content: string): string {
  return createHmac('sha256', key).update(content, 'utf8').digest('base64url');
}
