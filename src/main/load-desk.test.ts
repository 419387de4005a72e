import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadDesk, readKey } from './load-desk.ts';
import { describeStartFailure } from '../shared/language/start-failures.ts';
import { StartFailure } from '../shared/platform/start-failure.ts';
import type { SecretStore } from './shell.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qeyd-config-'));
  await writeFile(join(folder, 'ca.pem'), 'ca');
  await writeFile(join(folder, 'desk.pem'), 'certificate');
});
afterEach(() => rm(folder, { recursive: true }));

const whole = {
  mode: 'production',
  office: { id: 'baki-1', code: 'BAK1', name: 'Bakı 1 saylı ASAN xidmət mərkəzi' },
  desk: { id: 'baki-1-01', code: '01' },
  registry: {
    url: 'https://reyestr.example',
    caPath: 'ca.pem',
    clientCertificatePath: 'desk.pem',
    clientKey: { reference: 'desk-key' },
    signingKey: { reference: 'desk-signing-key' },
  },
  dataFolder: 'data',
};
const noSecrets: SecretStore = { find: () => Promise.resolve(undefined), put: () => Promise.resolve() };

async function load(config: unknown) {
  const path = join(folder, 'desk.json');
  await writeFile(path, typeof config === 'string' ? config : JSON.stringify(config));
  return loadDesk(path);
}
async function failureOf(promise: Promise<unknown>): Promise<StartFailure> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof StartFailure)) throw new Error('expected a start failure');
  return error;
}

describe('a desk’s configuration file', () => {
  it('is read with its paths made absolute from its own folder', async () => {
    const { config } = await load(whole);
    expect(config.dataFolder).toBe(join(folder, 'data'));
    expect(config.registry.caPath).toBe(join(folder, 'ca.pem'));
    expect(config.printFolder).toBe('');
    expect(config).toMatchObject({ printQueue: '', windowsPrintCommand: '' });
  });

  it('names what the desk has of cards, with whole paths; what only training has is refused in production', async () => {
    const token = { module: 'lib/token.so', label: 'Qeyd' };
    const { config } = await load({ ...whole, cards: { token, mailer: { kind: 'device', path: '/dev/usb/lp0' } } });
    expect(config.cards).toEqual({
      pcsc: true,
      directLink: '',
      token: { module: join(folder, 'lib/token.so'), label: 'Qeyd', pinReference: 'token-pin' },
      mailer: { kind: 'device', path: '/dev/usb/lp0' },
    });
    for (const [cards, gap] of [
      [{ directLink: 'cards.sock' }, 'cards.directLink'],
      [{ mailer: { kind: 'file', folder: 'envelopes' } }, 'cards.mailer'],
    ] as const) {
      expect((await failureOf(load({ ...whole, cards }))).params).toEqual({ gaps: gap });
    }
  });

  it('names the queue that is offered first and the program that prints on Windows', async () => {
    const windowsPrintCommand = 'C:\\Program Files\\SumatraPDF\\SumatraPDF.exe';
    const { config } = await load({ ...whole, printQueue: 'Zal 2 — lazer', windowsPrintCommand });
    expect(config).toMatchObject({ printQueue: 'Zal 2 — lazer', windowsPrintCommand });
  });

  it.each([
    ['office', { ...whole, office: undefined }, 'office'],
    ['registry.url', { ...whole, registry: { ...whole.registry, url: 'http://reyestr.example' } }, 'registry.url'],
    ['registry.clientKey', { ...whole, registry: { ...whole.registry, clientKey: undefined } }, 'registry.clientKey'],
    ['registry.caPath', { ...whole, registry: { ...whole.registry, caPath: 'nowhere.pem' } }, 'registry.caPath'],
    ['training', { ...whole, training: { operators: [] } }, 'training'],
    ['windowsPrintCommand without a whole path', { ...whole, windowsPrintCommand: 'SumatraPDF.exe' }, 'windowsPrintCommand'],
    ['windowsPrintCommand that is a script', { ...whole, windowsPrintCommand: 'C:\\Qeyd\\print.cmd' }, 'windowsPrintCommand'],
    ['windowsPrintCommand with arguments', { ...whole, windowsPrintCommand: 'C:\\Qeyd\\print.exe -x' }, 'windowsPrintCommand'],
  ])('is refused with a sentence that names %s', async (_name, config, gap) => {
    const failure = await failureOf(load(config));
    expect(failure.code).toBe('CONFIG_INCOMPLETE');
    expect(String(failure.params.gaps).split(', ')).toContain(gap);
    expect(describeStartFailure(failure)).toContain(gap);
  });

  it('that is missing or no JSON is told apart', async () => {
    expect((await failureOf(loadDesk(join(folder, 'none.json')))).code).toBe('CONFIG_MISSING');
    expect((await failureOf(load('{'))).code).toBe('CONFIG_UNREADABLE');
  });

  it('names the key whose reference the secret store does not know', async () => {
    const { config } = await load(whole);
    const failure = await failureOf(readKey(config.registry.clientKey, 'registry.clientKey', noSecrets));
    expect(failure.code).toBe('CONFIG_INCOMPLETE');
    expect(failure.params.gaps).toBe('registry.clientKey');
  });
});
