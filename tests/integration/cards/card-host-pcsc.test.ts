import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCodeDeriver } from '../../../src/card-host/token/code-deriver.ts';
import { openPkcs11Token } from '../../../src/card-host/token/pkcs11-token.ts';
import { startCardHost, type RunningCardHost } from '../../support/card-host.ts';
import { createTestCa, type TestCa } from '../../support/cards/test-ca.ts';
import { makeCardThrough } from '../../support/host-card-maker.ts';
import { startPrivateService, type PrivateService } from '../../support/pcsc/private-pcscd.ts';
import { startCardsBehind, type VirtualCards } from '../../support/pcsc/virtual-cards.ts';
import { createSoftToken, type SoftToken } from '../../support/soft-token.ts';

/** The card host whole: its own process, pcscd, a PKCS#11 token, an envelope printer; and what of the codes can be found outside of it. */
const serial = '0C'.repeat(10);
const names = { chipSerialHex: serial, cardSerial: '0100000000000077' };
let service: PrivateService;
let cards: VirtualCards;
let soft: SoftToken;
let running: RunningCardHost;
let ca: TestCa;
let slot: string;
let readerName: string;

beforeAll(async () => {
  soft = createSoftToken();
  service = await startPrivateService();
  readerName = service.readerNames[0];
  process.env['PCSCLITE_CSOCK_NAME'] = service.environment.PCSCLITE_CSOCK_NAME;
  process.env['SOFTHSM2_CONF'] = soft.environment.SOFTHSM2_CONF;
  const token = openPkcs11Token({ modulePath: soft.modulePath, label: soft.label, pin: Buffer.from(soft.pin) });
  await token.makeMasterKey();
  await token.close();
  cards = await startCardsBehind(service);
  slot = (await cards.control.status()).readers[0]!.name;
  await cards.control.createCard({ chipSerialHex: serial });
  ca = await createTestCa();
  running = await startCardHost(
    {
      token: { module: soft.modulePath, label: soft.label, pinReference: 'token-pin' },
      mailer: { kind: 'file', folder: path.join(service.folder, 'envelopes') },
    },
    { tokenPin: soft.pin },
  );
  await running.event((event) => event.kind === 'reader_attached');
  await cards.control.insert(slot, serial);
  await running.event((event) => event.kind === 'card_inserted');
});
afterAll(async () => {
  await running.stop();
  await cards.close();
  await service.close();
  soft.remove();
});
const codeOf = (result: { readonly ok: boolean; readonly failure?: { readonly code: string } }) =>
  result.ok ? 'done' : result.failure?.code;

/** Whether these bytes stand in a value, as bytes, as text, or as hex; whichever way they were written. */
function holds(value: unknown, code: string): boolean {
  const hex = Buffer.from(code).toString('hex');
  const text = JSON.stringify(value, (_key, each: unknown) => {
    if (each instanceof Uint8Array) return Buffer.from(each).toString('latin1');
    if (typeof each === 'object' && each !== null && 'type' in each && each.type === 'Buffer' && 'data' in each)
      return Buffer.from(each.data as number[]).toString('latin1');
    return each;
  });
  return text.includes(`"${code}"`) || text.toLowerCase().includes(hex) || new RegExp(`(?<![0-9])${code}(?![0-9])`, 'u').test(text);
}

describe('the card host with a card service, a token and an envelope printer', () => {
  it('says all of it in its status', async () => {
    const answer = await running.host.ask({ kind: 'status' });
    expect(answer.ok && answer.value.status).toMatchObject({
      link: 'pcsc',
      isServiceRunning: true,
      missing: [],
      token: { kind: 'pkcs11', label: soft.label, isReady: true },
      mailer: { kind: 'file', isReady: true },
    });
    expect(answer.ok && answer.value.status.readers[0]).toMatchObject({ name: readerName, profile: 'asan_id', hasPinPad: false });
  });

  it('CR-05: makes a card; its codes stand on the envelope and nowhere else: no message, no file, no second print', async () => {
    await cards.control.ask({ kind: 'start_trace', chipSerialHex: serial });
    await makeCardThrough(running.host, ca, {
      names: { ...names, readerName },
      algorithm: 'p-256',
      envelopeNumber: 'Z-000001',
    });

    const envelope = readFileSync(path.join(service.folder, 'envelopes', 'Z-000001.txt'), 'latin1');
    const code = (name: string) => new RegExp(`^${name}: +([0-9]+)\\r$`, 'mu').exec(envelope)![1]!;
    const [pin1, pin2, puk] = [code('PIN1'), code('PIN2'), code('PUK')];
    expect([pin1.length, pin2.length, puk.length]).toEqual([4, 5, 8]);
    expect(envelope).toContain('Eliyev Cingiz');

    // The search finds what is there: the card did get the codes.
    const trace = await cards.control.ask({ kind: 'read_trace', chipSerialHex: serial });
    expect([pin1, pin2, puk].map((each) => holds(trace, each))).toEqual([true, true, true]);
    const issuerCode = await deriveIssuerCode();
    expect(JSON.stringify(trace).toLowerCase()).toContain(issuerCode);

    // Not between host and core, not in its folder.
    expect(running.messages.length).toBeGreaterThan(20);
    for (const secret of [pin2, puk]) expect(running.messages.filter((message) => holds(message, secret))).toEqual([]);
    expect(running.messages.filter((message) => holds(withoutFigures(message), pin1))).toEqual([]);
    expect(running.messages.filter((message) => holds(message, soft.pin) || JSON.stringify(message).includes(issuerCode))).toEqual([]);
    for (const file of filesUnder(running.folder)) {
      const text = readFileSync(file, 'latin1');
      expect([pin2, puk, soft.pin].filter((secret) => text.includes(secret))).toEqual([]);
    }

    // The same number is never printed twice, and the PINs are gone.
    const again = await running.host.ask({ kind: 'envelope', ...names, readerName, envelopeNumber: 'Z-000001', holderLabel: '' });
    expect(['CODES_GONE', 'ENVELOPE_USED']).toContain(codeOf(again));
    expect(readdirSync(path.join(service.folder, 'envelopes'))).toEqual(['Z-000001.txt']);
  });

  it('new codes come on a new envelope; the old ones stay where they were', async () => {
    expect(codeOf(await running.host.ask({ kind: 'new_codes', ...names, readerName }))).toBe('done');
    const printed = await running.host.ask({ kind: 'envelope', ...names, readerName, envelopeNumber: 'Z-000002', holderLabel: 'X' });
    expect(codeOf(printed)).toBe('done');
    const texts = ['Z-000001', 'Z-000002'].map((number) => readFileSync(path.join(service.folder, 'envelopes', `${number}.txt`), 'latin1'));
    const pukOf = (text: string | undefined) => /^PUK: +([0-9]{8})/mu.exec(text ?? '')?.[1];
    expect(pukOf(texts[1])).toBe(pukOf(texts[0]));
  });

  it('a card pulled in the middle of a step is told as such, and the next step works when it is back', async () => {
    const from = running.events.length;
    await cards.control.setFault(serial, { kind: 'pull', atApdu: 3, moment: 'after' });
    expect(codeOf(await running.host.ask({ kind: 'read_card', readerName }))).toBe('CARD_REMOVED');
    await running.event((event) => event.kind === 'card_removed', from);
    expect(['CARD_ABSENT', 'CARD_REMOVED']).toContain(codeOf(await running.host.ask({ kind: 'read_card', readerName })));
    await cards.control.insert(slot, serial);
    await running.event((event) => event.kind === 'card_inserted', from);
    const seen = await running.host.ask({ kind: 'read_card', readerName });
    expect(seen.ok && seen.value.sight).toMatchObject({
      profile: 'asan_id',
      life: 'closed',
      cardSerial: names.cardSerial,
      chipSerialHex: serial,
    });
  });

  it('a card service that is stopped and started is told, and what was asked meanwhile is SERVICE_DOWN', async () => {
    const from = running.events.length;
    await service.stopService();
    await running.event((event) => event.kind === 'service' && !event.isRunning, from);
    expect(codeOf(await running.host.ask({ kind: 'read_card', readerName }))).toBe('SERVICE_DOWN');
    await service.startService();
    await running.event((event) => event.kind === 'card_inserted', from);
    expect(codeOf(await running.host.ask({ kind: 'read_card', readerName }))).toBe('done');
  });

  it('a driver that hangs does not take the desk with it: the host is killed, started again and works when the driver does', async () => {
    const from = running.events.length;
    const before = running.supervisor.current()!.pid;
    service.signalService('SIGSTOP');
    expect(codeOf(await running.host.ask({ kind: 'read_card', readerName }))).toBe('CARD_HOST_FAILED');
    service.signalService('SIGCONT');
    await running.event((event) => event.kind === 'host' && event.isRunning, from);
    await running.event((event) => event.kind === 'card_inserted', from);
    expect(running.supervisor.current()!.pid).not.toBe(before);
    expect(codeOf(await running.host.ask({ kind: 'read_card', readerName }))).toBe('done');
  }, 60_000);

  it('row "process.exit hangs": the end of the program does not wait for a card that never answers', async () => {
    await cards.control.setFault(serial, { kind: 'hang', atApdu: 2 });
    const asked = running.host.ask({ kind: 'read_card', readerName });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const fromMs = performance.now();
    await running.supervisor.stop(10_000);
    expect(performance.now() - fromMs).toBeLessThan(4_000);
    expect(codeOf(await asked)).toBe('CARD_HOST_FAILED');
  });
});

async function deriveIssuerCode(): Promise<string> {
  const token = openPkcs11Token({ modulePath: soft.modulePath, label: soft.label, pin: Buffer.from(soft.pin) });
  const code = await createCodeDeriver(token.mac).issuerCode(names.cardSerial);
  await token.close();
  return Buffer.from(code).toString('hex');
}

/** Four digits may stand by chance in a request number or a time: those fields are no place for a PIN. */
function withoutFigures(message: unknown): unknown {
  const { id: _id, apdus: _apdus, tookMs: _tookMs, ...rest } = message as Record<string, unknown>;
  return rest;
}

function filesUnder(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}
