import { once } from 'node:events';
import { readFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { Actor, CommandDraft } from '../../src/core/act/act.ts';
import { openDesk } from '../../src/core/open-desk.ts';
import { systemClock } from '../../src/core/platform/clock.ts';
import { systemRandomness } from '../../src/core/platform/randomness.ts';
import { createEventBus } from '../../src/core/platform/event-bus.ts';
import { createHttpsTransport } from '../../src/core/sync/https-transport.ts';
import type { DeskCredentials } from '../../src/registry/index.ts';
import { succeed } from '../../src/shared/platform/result.ts';

/**
 * A desk that makes acts as fast as an eager registrar and tells its parent each id only after the act was reported as saved. It is killed at
 * a random moment; with `drain` it makes none and ends when its queue is empty. Imports no more than it needs: it is started 200 times.
 */
const settings = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as {
  readonly url: string;
  readonly folder: string;
  readonly keyHex: string;
  readonly credentials: DeskCredentials;
  readonly actor: Actor;
};
const isDraining = process.argv[3] === 'drain';
const { credentials, actor } = settings;
// The next desk is loaded while the one before it still lives; it may touch the files only when told that they are free.
await once(process.stdin, 'data');
const opened = await openDesk({
  identity: { mode: 'training', officeId: credentials.officeId, officeCode: 'T1', officeName: 'T', deskId: credentials.deskId, deskCode: '01', appVersion: '0.1.0' },
  databaseFile: path.join(settings.folder, 'desk.db'),
  databaseKeyHex: settings.keyHex,
  signingKeyPem: credentials.privateKeyPem,
  transport: createHttpsTransport({
    url: settings.url,
    caPem: credentials.registryCaPem,
    certificatePem: credentials.certificatePem,
    keyPem: credentials.privateKeyPem,
  }),
  bus: createEventBus(() => undefined),
  clock: systemClock,
  random: systemRandomness,
  log: { info: () => undefined, warn: () => undefined, error: (event, error) => writeSync(2, `${event} ${String(error)}\n`) },
});
if (!opened.ok) throw new Error(opened.failure.code);
const desk = opened.value;
desk.worker.start({ projections: [] });
writeSync(1, 'ready\n');

const refusal = (applicationId: string): CommandDraft => ({
  kind: 'application.refuse',
  payload: {
    applicationId,
    reasonCode: 'M-05',
    note: '',
    invalidityNote: false,
    returnedDocuments: [],
    summary: { category: 'K1', fin: 'QYD0009', surname: 'SINAQ', givenName: 'SINAQ' },
    lookUps: [],
  },
  aggregate: { type: 'application', key: applicationId },
  baseRev: null,
  leaseToken: 0,
});

const act = (): void => {
  const commandId = desk.desk.random.uuid();
  const applicationId = desk.desk.random.uuid();
  const done = desk.desk.acts.perform({ commandId, operation: 'refuse', actor, input: { applicationId } }, (tx) => {
    tx.run('INSERT INTO settings(name, value) VALUES (@name, @commandId)', { name: `case:${applicationId}`, commandId });
    return succeed({ value: applicationId, audit: { act: 'application.refuse', applicationId, detail: {} }, outbox: [refusal(applicationId)] });
  });
  if (!done.ok) throw new Error(done.failure.code);
  writeSync(1, `saved ${commandId}\n`);
};

if (isDraining) {
  const timer = setInterval(() => {
    if (desk.worker.queue().queued > 0) return;
    clearInterval(timer);
    void desk.close().then(() => process.exit(0));
  }, 20);
} else {
  setInterval(act, 4);
}
