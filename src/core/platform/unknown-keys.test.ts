import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { hasUnknownKeys } from './unknown-keys.ts';

const schema = z.object({
  a: z.number(),
  list: z.array(z.object({ b: z.string() })),
  open: z.record(z.string(), z.number()).optional(),
  more: z.string().default(''),
});

describe('fields that this program does not know', () => {
  it.each([
    ['nothing new', { a: 1, list: [{ b: 'x' }] }, false],
    ['a field that may be left out', { a: 1, list: [], open: { any: 1 } }, false],
    ['a new field', { a: 1, list: [], c: 2 }, true],
    ['a new field deep inside', { a: 1, list: [{ b: 'x' }, { b: 'y', d: null }] }, true],
  ])('%s', (_name, raw, isNew) => {
    expect(hasUnknownKeys(raw, schema.parse(raw))).toBe(isNew);
  });
});
