import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createPacking } from './packing.ts';

const body = Buffer.from(
  JSON.stringify({ commands: Array.from({ length: 100 }, (_unused, index) => ({ index, words: 'sınaq sınaq sınaq' })) }),
);

describe('a batch for a slow road', () => {
  it('is compressed where the registry takes it, until the road proves quick, and never small or after a refusal', () => {
    const packing = createPacking();
    expect(packing.pack(body, []).isPacked).toBe(false);
    expect(packing.pack(Buffer.from('{}'), ['gzip']).isPacked).toBe(false);
    const packed = packing.pack(body, ['gzip']);
    expect(packed.headers).toEqual({ 'accept-encoding': 'gzip', 'content-encoding': 'gzip' });
    expect(gunzipSync(packed.body)).toEqual(body);
    packing.noteExchange(60_000, 4);
    expect(packing.pack(body, ['gzip'])).toEqual({ body, isPacked: false, headers: {} });
    packing.noteExchange(60_000, 2000);
    expect(packing.pack(body, ['gzip']).isPacked).toBe(true);
    packing.giveUp();
    expect(packing.pack(body, ['gzip']).isPacked).toBe(false);
  });
});
