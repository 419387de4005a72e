import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPcscReaders } from '../../src/card-host/pcsc/pcsc-readers.ts';
import { asanIdProfile } from '../../src/card-host/profile/asan-id/profile.ts';
import type { CardReaders } from '../../src/shared/card-host/card-port.ts';
import { keyAlgorithms, type CardKeyName, type KeyAlgorithm } from '../../src/shared/card-host/host-protocol.ts';
import { createCardMaker, makeCard, withCard, type CardMaker, type Making } from '../support/cards/card-maker.ts';
import { startPrivateService, type PrivateService, type Run } from '../support/pcsc/private-pcscd.ts';
import { startCardsBehind, waitForCard, type VirtualCards } from '../support/pcsc/virtual-cards.ts';

/**
 * Stock OpenSC, without a word in its configuration, lists and uses cards that Qeyd personalised through the real card service; OpenSSL verifies what
 * they sign and the chain. One card for each kind of key. Source: cards.md §4, §11
 */
const module = '/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so';
const ids: Readonly<Record<CardKeyName, string>> = { auth: '01', sign: '02' };
const slots: Readonly<Record<CardKeyName, string>> = { auth: '0', sign: '1' };
const text = (code: Uint8Array | undefined): string => Buffer.from(code ?? []).toString('latin1');

interface OpenPlace {
  readonly service: PrivateService;
  readonly cards: VirtualCards;
  readonly readers: CardReaders;
  readonly maker: CardMaker;
}

describe('cards personalised by Qeyd, in the hands of OpenSC', () => {
  let place: OpenPlace;
  const open: { close(): unknown }[] = [];

  beforeAll(async () => {
    const service = await startPrivateService();
    open.push(service);
    const cards = await startCardsBehind(service);
    open.push(cards);
    // Before the native library is loaded, which reads it once.
    process.env['PCSCLITE_CSOCK_NAME'] = service.environment.PCSCLITE_CSOCK_NAME;
    const readers = await createPcscReaders(() => {});
    open.push(readers);
    place = { service, cards, readers, maker: await createCardMaker() };
  });

  afterAll(async () => {
    for (const { close } of open.reverse()) await close();
  });

  describe.each(keyAlgorithms)('%s', (algorithm) => {
    const hash = algorithm === 'p-384' ? 'SHA384' : 'SHA256';
    let making: Making;
    const pins: Record<CardKeyName, string> = { auth: '', sign: '' };
    let puk = '';
    const file = (name: string): string => path.join(place.service.folder, `${algorithm}-${name}`);
    const tool = (...args: string[]): Promise<Run> => place.service.run('pkcs15-tool', ['--reader', '0', ...args]);
    const verifyPin = (key: CardKeyName, pin: string): Promise<Run> => tool('--verify-pin', '--auth-id', ids[key], '--pin', pin);

    async function sign(key: CardKeyName): Promise<string> {
      const mechanism = algorithm === 'rsa-2048' ? 'SHA256-RSA-PKCS' : `ECDSA-${hash}`;
      const format = algorithm === 'rsa-2048' ? [] : ['--signature-format', 'openssl'];
      const login = ['--module', module, '--slot-index', slots[key], '--login', '--pin', pins[key], '--id', ids[key]];
      writeFileSync(file('content'), `What ${key} signs.\n`);
      const inAndOut = ['--input-file', file('content'), '--output-file', file(`signature-${key}`)];
      await place.service.run('pkcs11-tool', [...login, '--sign', '--mechanism', mechanism, ...format, ...inAndOut]);
      const verification = ['dgst', `-${hash.toLowerCase()}`, '-verify', file(`key-${key}.pem`), '-signature', file(`signature-${key}`)];
      return (await place.service.run('openssl', [...verification, file('content')])).stdout.trim();
    }

    beforeAll(async () => {
      const chipSerialHex = await place.cards.control.createCard();
      const readerName = place.service.readerNames[0];
      await place.cards.control.insert(readerName, chipSerialHex);
      await waitForCard(place.service, 0, true);
      making = { names: { readerName, chipSerialHex, cardSerial: serialOf(algorithm) }, algorithm };
      await makeCard(place.maker, place.readers, making);
      const made = place.maker.pins.find(chipSerialHex);
      pins.auth = text(made?.pin1);
      pins.sign = text(made?.pin2);
      puk = text(await place.maker.deps.deriver.puk(making.names.cardSerial));
      writeFileSync(file('root.pem'), place.maker.ca.rootPem);
      for (const key of ['auth', 'sign'] as const) {
        await tool('--read-certificate', ids[key], '--output', file(`${key}.pem`));
        await place.service.run('openssl', ['x509', '-in', file(`${key}.pem`), '-pubkey', '-noout', '-out', file(`key-${key}.pem`)]);
      }
    });

    afterAll(async () => {
      await place.cards.control.eject(place.service.readerNames[0]);
      await waitForCard(place.service, 0, false);
    });

    it('lists the card, its PINs, keys and certificates', async () => {
      const { stdout } = await tool('--dump');
      expect(stdout).toContain('PKCS#15 Card [Asan ID]');
      expect(stdout).toContain(`Serial number  : ${making.names.cardSerial}`);
      expect(stdout).toContain('Manufacturer ID: Qeyd');
      expect(stdout.match(/^PIN \[.*\]/gmu)).toEqual(['PIN [PIN1]', 'PIN [PIN2]', 'PIN [PUK]']);
      expect(stdout.match(/min_len:\d+, max_len:\d+/gu)).toEqual(['min_len:4, max_len:8', 'min_len:5, max_len:8', 'min_len:8, max_len:8']);
      const kind = algorithm === 'rsa-2048' ? 'RSA' : 'EC';
      expect(stdout.match(/^Private .* Key \[.*\]/gmu)).toEqual([`Private ${kind} Key [Autentifikasiya]`, `Private ${kind} Key [İmza]`]);
      expect(stdout.match(/Usage +: .*/gu)?.slice(-2)).toEqual([
        expect.stringContaining('sign'),
        expect.stringContaining('nonRepudiation'),
      ]);
      expect(stdout.match(/^X\.509 Certificate \[.*\]/gmu)).toEqual(['X.509 Certificate [Autentifikasiya]', 'X.509 Certificate [İmza]']);
    });

    it('gives the certificates byte for byte, and OpenSSL finds the chain whole', async () => {
      for (const key of ['auth', 'sign'] as const) {
        const read = new X509Certificate(readFileSync(file(`${key}.pem`)));
        expect(new Uint8Array(read.raw)).toEqual(making.certificates?.[key]);
        const chain = await place.service.run('openssl', ['verify', '-no_check_time', '-CAfile', file('root.pem'), file(`${key}.pem`)]);
        expect(chain.stdout.trim()).toBe(`${file(`${key}.pem`)}: OK`);
      }
    });

    it('signs with both keys, and OpenSSL verifies', async () => {
      expect(await sign('auth')).toBe('Verified OK');
      expect(await sign('sign')).toBe('Verified OK');
    });

    it('CR-05: verifies, changes, blocks and unblocks PINs, and signs with the new ones', async () => {
      expect(await verifyPin('auth', pins.auth)).toMatchObject({ code: 0 });
      expect(await verifyPin('sign', pins.sign)).toMatchObject({ code: 0 });
      const short = await tool('--change-pin', '--auth-id', ids.sign, '--pin', pins.sign, '--new-pin', '1234');
      expect(short.stderr).toContain('Invalid PIN length');
      const changed = await tool('--change-pin', '--auth-id', ids.auth, '--pin', pins.auth, '--new-pin', '5193');
      expect(changed).toMatchObject({ code: 0 });
      pins.auth = '5193';
      for (const _ of [1, 2, 3]) await verifyPin('sign', pins.sign === '60271' ? '60272' : '60271');
      expect((await verifyPin('sign', pins.sign)).stderr).toContain('blocked');
      const unblocked = await tool('--unblock-pin', '--auth-id', ids.sign, '--puk', puk, '--new-pin', '80427');
      expect(unblocked).toMatchObject({ code: 0 });
      pins.sign = '80427';
      expect(await sign('auth')).toBe('Verified OK');
      expect(await sign('sign')).toBe('Verified OK');
      const sight = await withCard(place.readers, making.names.readerName, (session) => asanIdProfile.read(session));
      expect(sight).toMatchObject({ life: 'closed', tries: { pin1: 3, pin2: 3, puk1: 3, puk2: 3 } });
    });
  });
});

function serialOf(algorithm: KeyAlgorithm): string {
  return `010000000000004${keyAlgorithms.indexOf(algorithm)}`;
}
