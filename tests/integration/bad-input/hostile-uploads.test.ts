import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readStoredAttachment } from '../../support/stored-attachments.ts';
import { attachmentPieceMaxBytes } from '../../../src/shared/registry-api/endpoints.ts';
import { runRegistry, type TestRegistry } from '../registry/running.ts';
import type { TestDesk } from '../registry/test-desk.ts';

/** The registry's store of attachments under attack by a desk: refused with a reason or contained, and never anything under a name from outside. */
let running: TestRegistry;
let desk: TestDesk;
let other: TestDesk;

beforeAll(async () => {
  running = await runRegistry();
  desk = await running.enrol('desk-1');
  other = await running.enrol('desk-2');
});
afterAll(async () => running.stop());

const pdf = (sizeBytes: number): Buffer => Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(sizeBytes)]);
const nameOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const folder = (): string => path.join(running.folder, 'attachments');
const listStored = (): string[] => (existsSync(folder()) ? readdirSync(folder()).sort() : []);
const offsetOf = async (by: TestDesk, name: string): Promise<unknown> =>
  (await by.call('HEAD', `/v1/attachments/${name}`)).headers['upload-offset'];
const put = (by: TestDesk, name: string, offset: number | string, piece: Uint8Array, length: number | string, type = 'application/pdf') =>
  by.call<{ code: string; offset: number }>('PATCH', `/v1/attachments/${name}`, piece, {
    'upload-offset': String(offset),
    'upload-length': String(length),
    'content-type': type,
  });

describe('pieces', () => {
  it('beyond the end, before the end, over what is there with other bytes: refused, and what is there stays', async () => {
    const bytes = pdf(300_000);
    const name = nameOf(bytes);
    expect(await put(desk, name, 10, bytes.subarray(10, 20), bytes.length)).toMatchObject({
      status: 409,
      body: { code: 'OFFSET_DIFFERS', offset: 0 },
    });
    expect((await put(desk, name, 0, bytes.subarray(0, 100_000), bytes.length)).status).toBe(200);
    const refused = [
      [0, randomBytes(100_000), bytes.length, 409, 'OFFSET_DIFFERS'],
      [99_999, randomBytes(100), bytes.length, 409, 'OFFSET_DIFFERS'],
      [200_000, randomBytes(100), bytes.length, 409, 'OFFSET_DIFFERS'],
      [100_000, randomBytes(200_100), 200_000, 400, 'PAST_THE_END'],
      [100_000, new Uint8Array(0), bytes.length, 400, 'EMPTY_PIECE'],
      [100_000, randomBytes(attachmentPieceMaxBytes + 1), 2_000_000, 413, 'TOO_LARGE'],
      [-1, bytes.subarray(0, 10), bytes.length, 400, 'BAD_REQUEST'],
      ['1e3', bytes.subarray(0, 10), bytes.length, 409, 'OFFSET_DIFFERS'],
      ['NaN', bytes.subarray(0, 10), bytes.length, 400, 'BAD_REQUEST'],
      ['9'.repeat(40), bytes.subarray(0, 10), bytes.length, 400, 'BAD_REQUEST'],
      [100_000, bytes.subarray(0, 10), 0, 400, 'BAD_REQUEST'],
      [100_000, bytes.subarray(0, 10), 65 * 1024 * 1024, 413, 'TOO_LARGE'],
    ] as const;
    for (const [offset, piece, length, status, code] of refused) {
      expect(await put(desk, name, offset, piece, length), `${offset} ${length}`).toMatchObject({ status, body: { code } });
      expect(await offsetOf(desk, name)).toBe('100000');
    }
    expect((await put(desk, name, 100_000, bytes.subarray(100_000), bytes.length)).status).toBe(200);
    expect((await readStoredAttachment(running.folder, name)).equals(bytes)).toBe(true);
  });

  it('of another desk for the same file spoil nothing', async () => {
    const bytes = pdf(50_000);
    const name = nameOf(bytes);
    expect((await put(desk, name, 0, bytes.subarray(0, 20_000), bytes.length)).status).toBe(200);
    expect(await offsetOf(other, name)).toBeUndefined();
    expect(await put(other, name, 20_000, randomBytes(100), bytes.length)).toMatchObject({ status: 409, body: { offset: 0 } });
    const forged = pdf(bytes.length - 9);
    expect(await put(other, name, 0, forged, bytes.length)).toMatchObject({ status: 422, body: { code: 'HASH_DIFFERS' } });
    expect(await offsetOf(desk, name)).toBe('20000');
    expect((await put(desk, name, 20_000, bytes.subarray(20_000), bytes.length)).status).toBe(200);
    expect((await readStoredAttachment(running.folder, name)).equals(bytes)).toBe(true);
  });

  it('after the end change nothing', async () => {
    const bytes = pdf(1000);
    const name = nameOf(bytes);
    await put(desk, name, 0, bytes, bytes.length);
    for (const by of [desk, other]) {
      for (const [offset, piece] of [
        [0, randomBytes(1009)],
        [0, bytes],
        [1009, randomBytes(5)],
      ] as const) {
        expect(await put(by, name, offset, piece, 5000)).toMatchObject({ status: 200, body: { offset: bytes.length } });
      }
    }
    expect((await readStoredAttachment(running.folder, name)).equals(bytes)).toBe(true);
  });

  it('of one file that come at once are taken one after the other', async () => {
    const bytes = pdf(100_000);
    const name = nameOf(bytes);
    const answers = await Promise.all(Array.from({ length: 12 }, () => put(desk, name, 0, bytes.subarray(0, 50_000), bytes.length)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const { status, body } of answers)
      if (status !== 200) expect([status, body.code]).toEqual([409, expect.stringMatching(/^(UPLOAD_IN_PROGRESS|OFFSET_DIFFERS)$/u)]);
    expect((await put(desk, name, 50_000, bytes.subarray(50_000), bytes.length)).status).toBe(200);
    expect((await readStoredAttachment(running.folder, name)).equals(bytes)).toBe(true);
  });
});

describe('at rest', () => {
  it('nothing of a scan can be read without the key, and a changed byte is found', async () => {
    const bytes = Buffer.concat([pdf(1000), Buffer.from('FİN QYD0001 Əliyeva')]);
    const name = nameOf(bytes);
    await put(desk, name, 0, bytes.subarray(0, 500), bytes.length);
    await put(desk, name, 500, bytes.subarray(500), bytes.length);
    const file = path.join(folder(), name);
    const stored = readFileSync(file);
    for (const word of ['%PDF', 'QYD0001', 'Əliyeva']) expect(stored.includes(word)).toBe(false);
    expect((await readStoredAttachment(running.folder, name)).equals(bytes)).toBe(true);
    for (const at of [3, 10, 400, stored.length - 1]) {
      const changed = Buffer.from(stored);
      changed[at] = (changed[at] ?? 0) ^ 1;
      writeFileSync(file, changed);
      const read = await readStoredAttachment(running.folder, name).catch(() => Buffer.alloc(0));
      expect(read.equals(bytes)).toBe(false);
    }
    writeFileSync(file, stored);
  });

  it('a piece that a crash left half written is sent again', async () => {
    const bytes = pdf(90_000);
    const name = nameOf(bytes);
    await put(desk, name, 0, bytes.subarray(0, 30_000), bytes.length);
    await put(desk, name, 30_000, bytes.subarray(30_000, 60_000), bytes.length);
    const part = path.join(folder(), `${name}.desk-1.part`);
    truncateSync(part, readFileSync(part).length - 100);
    expect(await offsetOf(desk, name)).toBe('30000');
    await put(desk, name, 30_000, bytes.subarray(30_000, 60_000), bytes.length);
    expect((await put(desk, name, 60_000, bytes.subarray(60_000), bytes.length)).status).toBe(200);
    expect((await readStoredAttachment(running.folder, name)).equals(bytes)).toBe(true);
  });
});

describe('content', () => {
  it.each([
    ['a page for a browser under the type of a PDF', Buffer.from('<!doctype html><script>1</script>'), 'application/pdf'],
    ['an archive under the type of a PNG', Buffer.concat([Buffer.from('PK\x03\x04'), randomBytes(100)]), 'image/png'],
    ['a program under the type of a JPEG', Buffer.concat([Buffer.from('MZ'), randomBytes(100)]), 'image/jpeg'],
    ['a PDF under the type of a PNG', pdf(10), 'image/png'],
  ])('%s is refused and leaves nothing', async (_name, bytes, type) => {
    const before = listStored();
    expect(await put(desk, nameOf(bytes), 0, bytes, bytes.length, type)).toMatchObject({
      status: 415,
      body: { code: 'CONTENT_NOT_OF_TYPE' },
    });
    expect(listStored()).toEqual(before);
  });

  it('a kind that begins right by one byte and goes on wrong is found at the end', async () => {
    const bytes = Buffer.concat([Buffer.from('%'), Buffer.from('<script>1</script>')]);
    expect((await put(desk, nameOf(bytes), 0, bytes.subarray(0, 1), bytes.length)).status).toBe(200);
    expect(await put(desk, nameOf(bytes), 1, bytes.subarray(1), bytes.length)).toMatchObject({
      status: 415,
      body: { code: 'CONTENT_NOT_OF_TYPE' },
    });
    expect(await offsetOf(desk, nameOf(bytes))).toBeUndefined();
  });

  it('another hash than the name drops the pieces', async () => {
    const bytes = pdf(500);
    const name = nameOf(pdf(500));
    expect(await put(desk, name, 0, bytes, bytes.length)).toMatchObject({ status: 422, body: { code: 'HASH_DIFFERS', offset: 0 } });
    expect(await offsetOf(desk, name)).toBeUndefined();
  });

  it.each(['text/html', 'image/svg+xml', 'application/zip', 'application/octet-stream', 'application/json'])(
    '%s is no kind of a scan',
    async (type) => {
      expect([400, 415]).toContain((await put(desk, nameOf(pdf(1)), 0, pdf(1), 10, type)).status);
    },
  );
});

describe('names', () => {
  it.each([
    '..%2F..%2Fkeys%2Freceipt.key.pem',
    '%2e%2e',
    '..%5C..%5Ckeys',
    'CON',
    `${'a'.repeat(63)}%00`,
    'A'.repeat(64),
    'a'.repeat(65),
    `${'a'.repeat(64)}.part`,
    'a'.repeat(10_000),
    '%E2%80%AEfdp',
  ])('%s is no name', async (name) => {
    const before = listStored();
    expect([400, 404, 414]).toContain((await put(desk, name, 0, pdf(1), 10)).status);
    expect(listStored()).toEqual(before);
  });

  it('hashes that no command names stay without effect, and a desk has room for so many and no more', async () => {
    const flood = await running.enrol('desk-flood');
    for (let index = 0; index < 200; index += 1) {
      const answer = await put(flood, nameOf(Buffer.from(String(index))), 0, Buffer.from('%PDF-'), 1000);
      if (answer.status === 429 && answer.body.code === 'TOO_MANY') {
        await new Promise((resolve) => setTimeout(resolve, 1000));
        index -= 1;
      } else expect(answer.status).toBe(200);
    }
    expect(await put(flood, nameOf(Buffer.from('one more')), 0, Buffer.from('%PDF-'), 1000)).toMatchObject({
      status: 429,
      body: { code: 'TOO_MANY_UPLOADS' },
      headers: { 'retry-after': '60' },
    });
    const bytes = pdf(100);
    expect((await put(desk, nameOf(bytes), 0, bytes, bytes.length)).status).toBe(200);
    for (const name of listStored()) expect(name).toMatch(/^[0-9a-f]{64}(\.desk-(1|2|flood)\.part)?$/u);
  });
});
