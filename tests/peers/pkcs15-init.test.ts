import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPcscReaders } from '../../src/card-host/pcsc/pcsc-readers.ts';
import { asanIdProfile } from '../../src/card-host/profile/asan-id/profile.ts';
import { startPrivateService, type PrivateService, type Run } from '../support/pcsc/private-pcscd.ts';
import { startCardsBehind, waitForCard } from '../support/pcsc/virtual-cards.ts';

/**
 * Stock OpenSC, which none of us wrote, personalises our virtual card and uses it, through the real card service: so the card is not made to measure for
 * our own program. Source: cards.md §1, §11
 */
describe("OpenSC's pkcs15-init on the virtual card", () => {
  let service: PrivateService;
  const open: { close(): unknown }[] = [];
  let chip = '';
  const steps: Run[] = [];
  const init = async (...args: string[]): Promise<Run> => {
    const run = await service.run('pkcs15-init', ['--reader', '0', ...args]);
    steps.push(run);
    return run;
  };
  const tool = (...args: string[]): Promise<Run> => service.run('pkcs15-tool', ['--reader', '0', ...args]);
  const module = '/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so';
  const token = (...args: string[]): Promise<Run> => service.run('pkcs11-tool', ['--module', module, ...args]);
  const file = (name: string): string => path.join(service.folder, name);

  beforeAll(async () => {
    service = await startPrivateService();
    open.push(service);
    // Before the native library is loaded, which reads it once.
    process.env['PCSCLITE_CSOCK_NAME'] = service.environment.PCSCLITE_CSOCK_NAME;
    const cards = await startCardsBehind(service);
    open.push(cards);
    chip = await cards.control.createCard();
    await cards.control.insert('Virtual PCD 00 00', chip);
    await waitForCard(service, 0, true);
    await init('--create-pkcs15', '--so-pin', '87654321', '--so-puk', '12345678');
    await init('--store-pin', '--auth-id', '01', '--label', 'PIN1', '--pin', '1234', '--puk', '11112222', '--so-pin', '87654321');
    await init('--store-pin', '--auth-id', '02', '--label', 'PIN2', '--pin', '54321', '--puk', '33334444', '--so-pin', '87654321');
    const key = ['--so-pin', '87654321', '--generate-key'];
    await init(...key, 'rsa/2048', '--auth-id', '01', '--id', '01', '--pin', '1234', '--key-usage', 'sign');
    await init(...key, 'ec/prime256v1', '--auth-id', '02', '--id', '02', '--pin', '54321', '--key-usage', 'sign');
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    writeFileSync(file('elsewhere.pem'), privateKey.export({ format: 'pem', type: 'pkcs8' }));
    const store = ['--store-private-key', file('elsewhere.pem'), '--so-pin', '87654321', '--insecure'];
    await init(...store, '--auth-id', '01', '--id', '03', '--pin', '1234', '--key-usage', 'sign');
    const request = ['req', '-x509', '-new', '-key', file('elsewhere.pem'), '-subj', '/CN=Qeyd', '-out', file('certificate.pem')];
    await service.run('openssl', request);
    await init('--store-certificate', file('certificate.pem'), '--id', '01', '--so-pin', '87654321');
    await init('--finalize');
  });

  afterAll(async () => {
    for (const { close } of open.reverse()) await close();
  });

  it('carries out every step', () => {
    for (const { code, stdout, stderr } of steps) expect({ code, stdout, stderr }).toMatchObject({ code: 0 });
  });

  it('lists two PINs, two keys that were made on the chip and one that was not', async () => {
    const { stdout } = await tool('--dump');
    expect(stdout).toContain(`Serial number  : ${chip.toLowerCase()}`);
    expect(stdout.match(/^PIN \[.*\]/gmu)).toEqual(['PIN [Security Officer PIN]', 'PIN [PIN1]', 'PIN [PIN2]']);
    expect(stdout.match(/^Private (?:RSA|EC) Key/gmu)).toEqual(['Private RSA Key', 'Private EC Key', 'Private RSA Key']);
    expect(stdout.match(/Access Flags {3}: .*local/gu)).toHaveLength(2);
  });

  it('can be read by Qeyd, which has not made it', async () => {
    const readers = await createPcscReaders(() => {});
    open.push(readers);
    const session = await readers.openCard('Virtual PCD 00 00');
    const sight = await asanIdProfile.read(session);
    await session.close();
    expect(sight).toMatchObject({ chipSerialHex: chip, life: 'closed' });
    expect(sight.cardSerial.toUpperCase()).toContain(chip);
    const der = new X509Certificate(readFileSync(file('certificate.pem'))).raw;
    expect(sight.certificates.map(({ key, der: read }) => [key, Buffer.from(read).equals(der)])).toEqual([['auth', true]]);
  });

  it('verifies, changes and unblocks PINs', async () => {
    const verify = (id: string, pin: string): Promise<Run> => tool('--auth-id', id, '--verify-pin', '--pin', pin);
    expect((await verify('01', '1234')).code).toBe(0);
    expect((await verify('02', '54321')).code).toBe(0);
    expect((await verify('02', '1234')).stderr).toContain('PIN code or key incorrect');
    await tool('--auth-id', '02', '--change-pin', '--pin', '54321', '--new-pin', '98765');
    expect((await verify('02', '98765')).code).toBe(0);
    for (const _ of [1, 2, 3, 4, 5]) await verify('02', '00000');
    expect((await verify('02', '98765')).stderr).toContain('blocked');
    await tool('--auth-id', '02', '--unblock-pin', '--puk', '33334444', '--new-pin', '54321');
    expect((await verify('02', '54321')).code).toBe(0);
  });

  it('signs with both keys, and OpenSSL verifies', async () => {
    writeFileSync(file('content'), 'What the holder signs.\n');
    const sign = async (slot: string, pin: string, id: string, mechanism: string, ...more: string[]): Promise<boolean> => {
      const [key, signature] = [file(`key-${id}.pem`), file(`signature-${mechanism}`)];
      await tool('--read-public-key', id, '--output', key);
      const login = ['--slot-index', slot, '--login', '--pin', pin, '--id', id];
      await token(...login, '--sign', '--mechanism', mechanism, '--input-file', file('content'), '--output-file', signature, ...more);
      const hash = mechanism.startsWith('SHA512') ? '-sha512' : '-sha256';
      const verification = ['dgst', hash, '-verify', key, '-signature', signature];
      const padding = mechanism.endsWith('PSS') ? ['-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:digest'] : [];
      return (await service.run('openssl', [...verification, ...padding, file('content')])).stdout.includes('Verified OK');
    };
    expect(await sign('0', '1234', '01', 'SHA256-RSA-PKCS')).toBe(true);
    expect(await sign('0', '1234', '01', 'SHA256-RSA-PKCS-PSS')).toBe(true);
    expect(await sign('0', '1234', '03', 'SHA512-RSA-PKCS')).toBe(true);
    expect(await sign('1', '54321', '02', 'ECDSA-SHA256', '--signature-format', 'openssl')).toBe(true);
    const wrong = await token('--slot-index', '1', '--login', '--pin', '99999', '--id', '02', '--sign', '--mechanism', 'ECDSA-SHA256');
    expect(wrong.stderr).toContain('CKR_PIN_INCORRECT');
  });
});
