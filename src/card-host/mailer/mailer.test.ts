import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMailer } from './create-mailer.ts';
import { composeEnvelope } from './envelope-text.ts';
import type { EnvelopeContent } from './mailer.ts';
import { devicePort, isDeviceReady, networkPort } from './ports.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'qeyd-mailer-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});
const bytes = (text: string) => new TextEncoder().encode(text);
const content = (changes: Partial<EnvelopeContent> = {}): EnvelopeContent => ({
  envelopeNumber: 'Z-1',
  cardSerial: '0100000000000042',
  holderLabel: 'Şıxəliyeva Gülçin',
  pins: { pin1: bytes('4738'), pin2: bytes('91604') },
  puk: bytes('60718293'),
  ...changes,
});

describe('the envelope', () => {
  it('CR-05: holds both PINs and the PUK beside the numbers it is matched by, in letters that every such printer has', () => {
    const text = Buffer.from(composeEnvelope(content())).toString('latin1');
    for (const part of ['Z-1', '0100000000000042', 'PIN1:  4738\r\n', 'PIN2:  91604\r\n', 'PUK:   60718293\r\n', 'Sixeliyeva Gulcin']) {
      expect(text).toContain(part);
    }
    expect(text.endsWith('\f')).toBe(true);
    expect(/^[\x20-\x7e\r\n\f]*$/u.test(text)).toBe(true);
  });

  it('a name cannot steer the printer', () => {
    const text = Buffer.from(composeEnvelope(content({ holderLabel: `\u001b@\f\u0000Ə\u{1f600}${'x'.repeat(200)}` }))).toString('latin1');
    expect(text.match(/\f/gu)).toHaveLength(1);
    expect(text).not.toContain('\u001b');
    expect(Math.max(...text.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});

describe('the mailer', () => {
  it('prints a number once, whether it came out or not, one envelope at a time, and wipes what it composed', async () => {
    const printed: Uint8Array[] = [];
    let isBusy = false;
    const mailer = createMailer(async (composed) => {
      expect(isBusy).toBe(false);
      isBusy = true;
      await new Promise((resolve) => setTimeout(resolve, 5));
      isBusy = false;
      printed.push(composed);
      if (printed.length === 2) throw new Error('out of paper');
    });
    const answers = await Promise.all(['A', 'B', 'A', 'C'].map((envelopeNumber) => mailer.print(content({ envelopeNumber }))));
    expect(answers).toEqual(['printed', 'MAILER_FAILED', 'ENVELOPE_USED', 'printed']);
    expect(await mailer.print(content({ envelopeNumber: 'B' }))).toBe('ENVELOPE_USED');
    expect(mailer.printedCount).toBe(2);
    expect(printed.every((composed) => composed.every((byte) => byte === 0))).toBe(true);
  });

  it('writes to a device, and refuses a plain file, which would keep what is printed', async () => {
    const device = path.join(folder, 'lp0');
    expect(spawnSync('mkfifo', [device]).status).toBe(0);
    const got = new Promise<string>((resolve) => {
      void import('node:fs/promises').then(async ({ readFile }) => resolve(await readFile(device, 'latin1')));
    });
    expect(isDeviceReady(device)).toBe(true);
    expect(await createMailer(devicePort(device)).print(content())).toBe('printed');
    expect(await got).toContain('91604');

    const file = path.join(folder, 'plain');
    writeFileSync(file, '');
    expect([isDeviceReady(file), isDeviceReady(path.join(folder, 'nothing'))]).toEqual([false, false]);
    expect(await createMailer(devicePort(file)).print(content())).toBe('MAILER_FAILED');
    expect(await createMailer(devicePort(path.join(folder, 'nothing'))).print(content())).toBe('MAILER_FAILED');
    expect(readFileSync(file, 'latin1')).toBe('');
    expect(readdirSync(folder).toSorted()).toEqual(['lp0', 'plain']);
  });

  it('sends to the raw port of a printer, and says so when nobody is there', async () => {
    let text = '';
    const printer = createServer((socket) => {
      socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    });
    await new Promise<void>((resolve) => printer.listen(0, '127.0.0.1', resolve));
    const address = printer.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    expect(await createMailer(networkPort('127.0.0.1', port)).print(content())).toBe('printed');
    expect(text).toContain('PUK:   60718293');
    await new Promise((resolve) => printer.close(resolve));
    expect(await createMailer(networkPort('127.0.0.1', port)).print(content())).toBe('MAILER_FAILED');
  });
});
