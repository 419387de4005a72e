import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findKeyWrappedAtMs } from '../../../src/core/storage/repositories/storage-care-repository.ts';
import { createKeyCustody, noteReturnedKey } from '../../../src/core/maintenance/key-custody.ts';
import { backUpDatabase, listBackups } from '../../../src/core/storage/recovery/backups.ts';
import { readKeyPage, readKeyWrap } from '../../../src/core/storage/recovery/key-wrap.ts';
import { restoreDatabase } from '../../../src/core/storage/recovery/restore.ts';
import { databaseKeyIdOf, makeDeviceKeyPair, openSealedKey, sealDatabaseKey } from '../../../src/core/storage/recovery/sealed-key.ts';
import type { RegistryTransport } from '../../../src/core/sync/transport.ts';
import { registryPaths } from '../../../src/registry/index.ts';
import { openRecoveryKeys } from '../../../src/registry/recovery/recovery-keys.ts';
import { openSealed } from '../../../src/registry/recovery/sealed-key.ts';
import { keptKeyOf, recoveryOf, trained, transportOf } from '../../support/kept-key.ts';
import { keyDeskHex, makeKeyDesk, type KeyDesk } from '../../support/key-desk.ts';
import { openRealDesk, startRealRegistry, until } from '../../support/real-desk.ts';

let real: Awaited<ReturnType<typeof startRealRegistry>>;
let folder: string;
let desk: KeyDesk;
let transport: RegistryTransport;
let n = 0;
const open = async (): Promise<void> => {
  n += 1;
  desk = await makeKeyDesk(real.registry, `telim-1-k${n}`);
  transport = transportOf(real.registry.url, desk.credentials);
};
const bring = (first = 'leyla', second = 'nigar') => recoveryOf(desk, transport).bringBack(trained(first), trained(second));
const codeOf = async (result: ReturnType<typeof bring>): Promise<string> => {
  const done = await result;
  return done.ok ? 'done' : done.failure.code;
};
const wrapFile = (): string => `${desk.file}.recovery-key`;

beforeAll(async () => {
  real = await startRealRegistry();
  folder = real.registry.ca.tlsCa.replace(/keys.*$/u, '');
}, 30_000);
afterEach(async () => {
  await transport.close();
  desk.remove();
});
afterAll(() => real.stop());

describe('the key of a database, wrapped a second time', () => {
  it('fault 11: comes back by two people, the journal says so once, and every unsent act is sent', async () => {
    await open();
    const recovery = recoveryOf(desk, transport);
    const { checkNumber, wrap } = recovery.question();
    expect(checkNumber).toMatch(/^\d{4}-\d{4}-\d{4}$/u);
    expect(wrap?.database_key_id).toBe(databaseKeyIdOf(keyDeskHex));
    expect(readFileSync(wrapFile(), 'utf8')).not.toContain(Buffer.from(keyDeskHex, 'hex').toString('base64'));
    const done = await recovery.bringBack(trained('leyla'), trained('nigar'));
    expect(done).toMatchObject({ ok: true, value: { checkNumber, firstLogin: 'leyla', secondLogin: 'nigar' } });
    expect(keptKeyOf(desk.folder)).toBe(keyDeskHex);

    const again = await openRealDesk(real.registry, desk.credentials, { folder: desk.folder, keyHex: keyDeskHex });
    noteReturnedKey(again.desk, desk.file);
    noteReturnedKey(again.desk, desk.file);
    const rows = again.db.all("SELECT rec FROM audit WHERE act = 'storage.key_returned'");
    expect(rows).toHaveLength(1);
    expect(String(rows[0]?.['rec'])).toContain(checkNumber);
    expect(existsSync(`${desk.file}.key-returned`)).toBe(false);
    await until(() => again.db.get('SELECT 1 FROM outbox WHERE state = 0') === undefined, 'an empty queue');
    const sent = again.db.all('SELECT command_id FROM outbox ORDER BY seq').map((row) => row['command_id']);
    expect(sent).toEqual(desk.queued);
    await again.close();
  });

  it('is given to nobody of another role, to no single person, and for no wrong password', async () => {
    await open();
    expect(await codeOf(bring('sevda', 'nigar'))).toBe('FIRST_NOT_ALLOWED');
    expect(await codeOf(bring('leyla', 'kamran'))).toBe('SECOND_NOT_ALLOWED');
    expect(await codeOf(bring('leyla', 'rashad'))).toBe('SECOND_NOT_ALLOWED');
    expect(await codeOf(bring('nigar', 'nigar'))).toBe('SAME_PERSON');
    const recovery = recoveryOf(desk, transport);
    const wrong = { login: 'nigar', password: 'wrong' };
    expect(await recovery.bringBack(trained('leyla'), wrong)).toMatchObject({ failure: { code: 'SECOND_REFUSED' } });
    expect(await recovery.bringBack({ login: 'leyla', password: 'wrong' }, trained('nigar'))).toMatchObject({
      failure: { code: 'FIRST_REFUSED' },
    });
    expect(keptKeyOf(desk.folder)).toBeUndefined();
    // The same question may be asked again after a slip of the finger.
    expect(await recovery.bringBack(trained('leyla'), trained('nigar'))).toMatchObject({ ok: true });
  });

  it('is not given to another desk that carries the folder', async () => {
    await open();
    const thief = await real.registry.provisionDesk({ deskId: `telim-1-thief`, officeId: 'telim-1' });
    const theirs = transportOf(real.registry.url, thief);
    const own = recoveryOf({ ...desk, credentials: thief }, theirs);
    expect(await own.bringBack(trained('leyla'), trained('nigar'))).toMatchObject({ failure: { code: 'KEY_WRONG_DESK' } });
    const asOther = recoveryOf(desk, theirs);
    expect(await asOther.bringBack(trained('leyla'), trained('nigar'))).toMatchObject({ failure: { code: 'KEY_WRONG_DESK' } });
    await theirs.close();
  });

  it('is given once for a question: what was overheard is of no use', async () => {
    await open();
    let heard = '';
    const listening: RegistryTransport = {
      ...transport,
      send: (request) => {
        heard = String(request.body);
        return transport.send(request);
      },
      probe: () => transport.probe(),
      close: () => transport.close(),
    };
    expect(await recoveryOf(desk, listening).bringBack(trained('leyla'), trained('nigar'))).toMatchObject({ ok: true });
    const replayed = await transport.send({ method: 'POST', path: '/v1/desk/key', body: heard, timeoutMs: 10_000, maxAnswerBytes: 65_536 });
    expect(replayed).toMatchObject({ status: 409 });
    expect(replayed.kind === 'answer' && Buffer.from(replayed.body).toString()).toContain('KEY_REQUEST_USED');
  });

  it('is asked for anew, under another number, when the answer was lost', async () => {
    await open();
    const recovery = recoveryOf(desk, transport);
    const before = recovery.question().checkNumber;
    await real.registry.setFaults({ loseAnswers: 1 });
    expect(await recovery.bringBack(trained('leyla'), trained('nigar'))).toMatchObject({ failure: { code: 'REGISTRY_UNREACHABLE' } });
    expect(keptKeyOf(desk.folder)).toBeUndefined();
    expect(recovery.question().checkNumber).not.toBe(before);
    expect(await recovery.bringBack(trained('leyla'), trained('nigar'))).toMatchObject({ ok: true });
  });

  it('waits for the link, and nothing is changed meanwhile', async () => {
    await open();
    const before = readFileSync(desk.file);
    await real.registry.setFaults({ isUnreachable: true });
    expect(await codeOf(bring())).toBe('REGISTRY_UNREACHABLE');
    await real.registry.setFaults({});
    expect(readFileSync(desk.file).equals(before)).toBe(true);
    expect(await codeOf(bring())).toBe('done');
  });

  it('is not given to a desk that the registry has shut out', async () => {
    await open();
    real.registry.revokeDesk(desk.credentials.deskId);
    expect(await codeOf(bring())).toBe('DESK_REVOKED');
  });

  it('is wrapped anew when the recovery key changes; what lies in older backups opens still, until that key is destroyed', async () => {
    await open();
    const target = { file: desk.file, keyHex: keyDeskHex, deskId: desk.credentials.deskId };
    expect((await backUpDatabase(target, { nowMs: Date.now(), freeAfterBytes: 0 })).ok).toBe(true);
    const former = readKeyWrap(desk.file);
    const newId = await real.registry.renewRecoveryKey();
    const running = await openRealDesk(real.registry, desk.credentials, { folder: desk.folder, keyHex: keyDeskHex });
    const policy = () => running.worker.exchange.policy.signed();
    await until(() => policy() !== null && policy()?.recovery_key === openRecoveryKeys(registryPaths(folder)).currentPublicKey, 'the key');
    const custody = createKeyCustody({ desk: running.desk, databaseFile: desk.file, databaseKeyHex: keyDeskHex, policy });
    custody.start();
    custody.stop();
    expect(readKeyWrap(desk.file)?.recipient_key_id).toBe(newId);
    expect(running.db.all('SELECT 1 FROM key_wrap')).toHaveLength(2);
    // What the page of the desk's own data shows.
    expect(findKeyWrappedAtMs(running.db)).toBe(readKeyWrap(desk.file)?.sealed_at_ms);
    await running.close();
    // Only the backup is left, of before the change.
    rmSync(wrapFile());
    expect(recoveryOf(desk, transport).question().wrap?.recipient_key_id).toBe(former?.recipient_key_id);
    expect(await codeOf(bring())).toBe('done');
    const keyFile = `${registryPaths(folder).recoveryKeys}/${former?.recipient_key_id ?? ''}.key.pem`;
    copyFileSync(keyFile, `${keyFile}.kept`);
    rmSync(keyFile);
    expect(await codeOf(bring())).toBe('RECOVERY_KEY_GONE');
    copyFileSync(`${keyFile}.kept`, keyFile);
  });

  it('takes the wrap of a backup when the one beside the database was spoilt or forged', async () => {
    await open();
    const target = { file: desk.file, keyHex: keyDeskHex, deskId: desk.credentials.deskId };
    const made = await backUpDatabase(target, { nowMs: Date.now(), freeAfterBytes: 0 });
    expect(made.ok).toBe(true);
    const [backup] = listBackups(desk.file);
    expect(readKeyPage(backup?.file ?? '')?.desk_id).toBe(desk.credentials.deskId);
    const text = readFileSync(wrapFile(), 'utf8');
    // Spoilt: not what was written.
    writeFileSync(wrapFile(), text.replace('"v":1', '"v":2'));
    expect(await codeOf(bring())).toBe('done');
    // Forged, with a good sum of its own: the registry cannot open it, the next question takes another.
    const forged = { ...JSON.parse(text.split('\n')[1] ?? '{}') } as { ciphertext: string };
    forged.ciphertext = Buffer.alloc(48, 7).toString('base64');
    const forgedText = JSON.stringify(forged);
    writeFileSync(wrapFile(), `${createHash('sha256').update(forgedText).digest('hex')}\n${forgedText}\n`);
    const recovery = recoveryOf(desk, transport);
    expect(await recovery.bringBack(trained('leyla'), trained('nigar'))).toMatchObject({ failure: { code: 'KEY_WRAP_DAMAGED' } });
    expect(await recovery.bringBack(trained('leyla'), trained('nigar'))).toMatchObject({ ok: true });
    // A database made of that backup is whole and without the page.
    const restored = await restoreDatabase({
      ...target,
      nowMs: Date.now(),
      from: 'newest',
      cause: 'asked',
      take: 'nothing',
      byLogin: 'nigar',
    });
    expect(restored.ok).toBe(true);
    expect(readKeyPage(desk.file)).toBeNull();
    // Without any wrap there is nothing to ask.
    rmSync(wrapFile());
    rmSync(backup?.file ?? '');
    expect(await codeOf(bring())).toBe('KEY_WRAP_MISSING');
  });
});

describe('a sealed key', () => {
  it('opens for its recipient only, and not with one byte of text or header changed; both programs read each other', async () => {
    await open();
    const mine = makeDeviceKeyPair();
    const sealed = sealDatabaseKey(keyDeskHex, { publicKey: mine.publicKey, deskId: 'd', nowMs: 5 });
    if (sealed === null) throw new Error('not sealed');
    expect(openSealedKey(sealed, mine.privateKey)).toBe(keyDeskHex);
    expect(openSealed(sealed, mine.privateKey)?.toString('hex')).toBe(keyDeskHex);
    expect(openSealedKey(sealed, makeDeviceKeyPair().privateKey)).toBeNull();
    const changes = { desk_id: 'e', database_key_id: '0'.repeat(32), sealed_at_ms: 6, request_id: 'x', purpose: 'device' } as const;
    for (const [name, value] of Object.entries(changes)) {
      expect(openSealedKey({ ...sealed, [name]: value }, mine.privateKey), name).toBeNull();
      expect(openSealed({ ...sealed, [name]: value }, mine.privateKey), name).toBeNull();
    }
    for (let at = 0; at < 48; at += 1) {
      const bytes = Buffer.from(sealed.ciphertext, 'base64');
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      expect(openSealedKey({ ...sealed, ciphertext: bytes.toString('base64') }, mine.privateKey)).toBeNull();
    }
  });
});
