import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCodeDeriver } from './code-deriver.ts';

const derive = (key: string) =>
  createCodeDeriver((message) => Promise.resolve(new Uint8Array(createHmac('sha256', key).update(message).digest())));

describe('derived codes', () => {
  it('are 8 digits and 8 bytes in 01 … FE, the same every time, and others for another card, code or key', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 1, maxLength: 40 }), fc.string({ minLength: 1, maxLength: 40 }), async (serial, other) => {
        const one = derive('a');
        const [puk, issuer] = [await one.puk(serial), await one.issuerCode(serial)];
        expect(Buffer.from(puk).toString('latin1')).toMatch(/^[0-9]{8}$/);
        expect(issuer).toHaveLength(8);
        expect(issuer.every((byte) => byte >= 1 && byte <= 254)).toBe(true);
        expect(await derive('a').puk(serial)).toEqual(puk);
        if (serial !== other) expect(await one.issuerCode(other)).not.toEqual(issuer);
        expect(await derive('b').issuerCode(serial)).not.toEqual(issuer);
      }),
      { numRuns: 300 },
    );
  });

  it('stay what they were: a card closed today is opened with them in ten years', async () => {
    const one = derive('master key of a test');
    expect([
      Buffer.from(await one.puk('AI0000000001')).toString('latin1'),
      Buffer.from(await one.issuerCode('AI0000000001')).toString('hex'),
    ]).toMatchInlineSnapshot(`
      [
        "09022468",
        "b07392ec784e2064",
      ]
    `);
  });

  it('prefer no value: every digit and every byte comes as often as the others', async () => {
    const digits = new Array<number>(10).fill(0);
    const bytes = new Array<number>(256).fill(0);
    const one = derive('c');
    const cards = 8_000;
    for (let card = 0; card < cards; card += 1) {
      for (const digit of await one.puk(`card ${card}`)) digits[digit - 0x30]! += 1;
      for (const byte of await one.issuerCode(`card ${card}`)) bytes[byte]! += 1;
    }
    const chiSquare = (counts: number[]): number => {
      const mean = (cards * 8) / counts.length;
      return counts.reduce((sum, count) => sum + (count - mean) ** 2 / mean, 0);
    };
    // Beyond these lies one in a hundred thousand fair draws. That no byte over the limit is taken is the next test's.
    expect(chiSquare(digits)).toBeLessThan(39);
    expect(bytes[0]! + bytes[255]!).toBe(0);
    expect(chiSquare(bytes.slice(1, 255))).toBeLessThan(360);
  });

  it('go on to the next block where the first gives too few, and never take a byte over the limit', async () => {
    const blocks: string[] = [];
    const scarce = createCodeDeriver((message) => {
      blocks.push(new TextDecoder().decode(message));
      const bytes = new Uint8Array(32).fill(255);
      bytes.set([250, 251, 252, 253, 254, 249, 0], 0);
      return Promise.resolve(bytes);
    });
    expect(Buffer.from(await scarce.puk('X')).toString('latin1')).toBe('90909090');
    expect(blocks).toEqual([0, 1, 2, 3].map((block) => `qeyd-card-puk-1\0X\0${block}`));
  });

  it('leave nothing in the buffer of the keyed function', async () => {
    const given: Uint8Array[] = [];
    const one = createCodeDeriver(() => {
      const bytes = new Uint8Array(32).fill(7);
      given.push(bytes);
      return Promise.resolve(bytes);
    });
    await one.puk('X');
    expect(given.every((bytes) => bytes.every((byte) => byte === 0))).toBe(true);
  });
});
