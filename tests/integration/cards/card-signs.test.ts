import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createPublicKey, verify, X509Certificate } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCardHost, type RunningCardHost } from '../../support/card-host.ts';
import { createTestCa } from '../../support/cards/test-ca.ts';
import { makeCardThrough } from '../../support/host-card-maker.ts';
import { startDirectCards, type VirtualCards } from '../../support/pcsc/virtual-cards.ts';

/** The operator's own card signs after its PIN was typed in the PIN window; here a hand types straight into it. */
const serial = '0E'.repeat(10);
const names = { readerName: 'Qeyd Virtual Reader 0', chipSerialHex: serial, cardSerial: '0100000000000099' };
let cards: VirtualCards;
let running: RunningCardHost;
let envelope = '';
let folder: string;
const codeOf = (result: { readonly ok: boolean; readonly failure?: { readonly code: string } }) =>
  result.ok ? 'done' : result.failure?.code;
const codeOnEnvelope = (name: string) => new RegExp(`^${name}: +([0-9]+)`, 'mu').exec(envelope)![1]!;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'qeyd-signs-'));
  cards = await startDirectCards({ readerNames: [names.readerName] });
  await cards.control.createCard({ chipSerialHex: serial });
  await cards.control.insert(names.readerName, serial);
  running = await startCardHost({ directLink: cards.directSocketPath, mailer: { kind: 'file', folder } });
  await running.event((event) => event.kind === 'card_inserted');
  await makeCardThrough(running.host, await createTestCa(), { names, algorithm: 'p-256', envelopeNumber: 'Z-9' });
  envelope = readFileSync(path.join(folder, 'Z-9.txt'), 'latin1');
});
afterAll(async () => {
  await running.stop();
  await cards.close();
  rmSync(folder, { recursive: true });
});

interface Typed {
  readonly question: Record<string, unknown>;
  type(codes: string): Promise<Record<string, unknown>>;
  cancel(): Promise<void>;
}

async function openWindow(from: number): Promise<Typed> {
  const event = await running.event((each) => each.kind === 'pin_window', from);
  const address = new URL(event.kind === 'pin_window' ? event.address : '');
  const send = (method: string, target: string, headers: Record<string, string>, body = ''): Promise<{ text: string; cookie: string }> =>
    new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port: address.port, method, path: target, headers: { Host: address.host, ...headers } };
      const request = httpRequest(options, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => resolve({ text, cookie: String(response.headers['set-cookie'] ?? '').split(';')[0]! }));
      });
      request.on('error', reject);
      request.end(body);
    });
  const { cookie } = await send('GET', address.pathname + address.search, {});
  const headers = { Cookie: cookie, Origin: address.origin };
  return {
    question: JSON.parse((await send('GET', '/question', headers)).text) as Record<string, unknown>,
    type: async (codes) => JSON.parse((await send('POST', '/answer', headers, codes)).text) as Record<string, unknown>,
    cancel: async () => {
      await send('POST', '/cancel', headers);
    },
  };
}

describe('a signature of a card', () => {
  const content = new TextEncoder().encode('revoke 0123 at 2026-11-22T21:00:00Z');

  it.each([
    ['auth', 'PIN1'],
    ['sign', 'PIN2'],
  ] as const)(
    'of the key %s is made after %s was typed, is right by its certificate, and says in the window what is signed',
    async (key, pin) => {
      const from = running.events.length;
      const asked = running.host.ask({ kind: 'sign', readerName: names.readerName, key, content, title: 'Ləğv: QYD0001' });
      const window = await openWindow(from);
      expect(window.question).toEqual({ kind: 'sign', pin: pin.toLowerCase(), title: 'Ləğv: QYD0001', triesLeft: 3 });
      expect(await window.type(`${pin === 'PIN1' ? '9999' : '99999'}\n`)).toEqual({ state: 'wrong', triesLeft: 2 });
      expect(await window.type(`${codeOnEnvelope(pin)}\n`)).toEqual({ state: 'done' });
      const signed = await asked;
      if (!signed.ok) throw new Error(signed.failure.code);
      const { certificateDer, signature, chipSerialHex } = signed.value;
      const certificate = new X509Certificate(certificateDer);
      expect(chipSerialHex).toBe(serial);
      expect(verify('sha256', content, createPublicKey(certificate.publicKey.export({ type: 'spki', format: 'pem' })), signature)).toBe(
        true,
      );
      await running.event((event) => event.kind === 'pin_window_closed', from);
    },
  );

  it('is not made when the window is cancelled, by the holder or from the desk', async () => {
    const ask = () => running.host.ask({ kind: 'sign', readerName: names.readerName, key: 'sign', content, title: '' });
    let from = running.events.length;
    const byHolder = ask();
    await (await openWindow(from)).cancel();
    expect(codeOf(await byHolder)).toBe('PIN_CANCELLED');
    from = running.events.length;
    const byDesk = ask();
    await openWindow(from);
    expect(codeOf(await running.host.ask({ kind: 'cancel', readerName: names.readerName }))).toBe('done');
    expect(codeOf(await byDesk)).toBe('CANCELLED');
  });

  it('is refused before anything is asked for a card that is not ours, not finished, exchanged or blocked', async () => {
    const change = (chipSerialHex: string) =>
      running.host.ask({ kind: 'change_pin', readerName: names.readerName, chipSerialHex, pin: 'pin1' });
    expect(codeOf(await change('0F'.repeat(10)))).toBe('CARD_EXCHANGED');
    await cards.control.eject(names.readerName);
    const [blank, foreign] = ['AA'.repeat(10), 'BB'.repeat(10)];
    await cards.control.createCard({ chipSerialHex: blank });
    await cards.control.createCard({ chipSerialHex: foreign, atrHex: '3B021450' });
    await cards.control.insert(names.readerName, blank);
    expect(codeOf(await change(blank))).toBe('CARD_NOT_CLOSED');
    await cards.control.eject(names.readerName);
    await cards.control.insert(names.readerName, foreign);
    expect(codeOf(await change(foreign))).toBe('CARD_NOT_OURS');
    const seen = await running.host.ask({ kind: 'read_card', readerName: names.readerName });
    expect(seen.ok && seen.value.sight).toMatchObject({ profile: 'other', life: 'unknown', atrHex: '3B021450', certificates: [] });
  });
});
