import { openDatabase } from '../../src/core/storage/open-database.ts';
import { createActRunner } from '../../src/core/act/act-runner.ts';
import { createSigner } from '../../src/core/act/envelope.ts';
import { noteReturnedKey } from '../../src/core/maintenance/key-custody.ts';
import { systemClock } from '../../src/core/platform/clock.ts';
import { systemRandomness } from '../../src/core/platform/randomness.ts';
import type { ActRunner } from '../../src/core/act/act.ts';
import type { RegistryTransport } from '../../src/core/sync/transport.ts';
import type { DeskCredentials } from '../../src/registry/index.ts';
import { keptKeyOf, recoveryOf, trained, transportOf } from '../support/kept-key.ts';

/**
 * One life of a desk that has lost its key, from the question to the journal, killed by itself before the step it is told. The steps are those of the
 * ports: nothing of the product knows of it. Ends with 0 when it came to the end.
 */
interface Life {
  readonly url: string;
  readonly folder: string;
  readonly file: string;
  readonly credentials: DeskCredentials;
  readonly dieBefore: string;
}

process.once('message', (life: Life) => void live(life));

async function live({ url, folder, file, credentials, dieBefore }: Life): Promise<void> {
  const step = (name: string): void => {
    if (name === dieBefore) process.kill(process.pid, 'SIGKILL');
  };
  const transport = transportOf(url, credentials);
  const watched: RegistryTransport = {
    send: async (request) => {
      step('asking');
      const reply = await transport.send(request);
      step('reading');
      return reply;
    },
    probe: () => transport.probe(),
    close: () => transport.close(),
  };
  if (keptKeyOf(folder) === undefined) {
    const recovery = recoveryOf({ folder, file, credentials }, watched, step);
    const brought = await recovery.bringBack(trained('leyla'), trained('nigar'));
    if (!brought.ok) throw new Error(brought.failure.code);
  }
  const opened = await openDatabase({ file, keyHex: keptKeyOf(folder) ?? '', clock: systemClock, deskId: credentials.deskId });
  if (!opened.ok) throw new Error(opened.failure.code);
  const db = opened.value;
  const acts = createActRunner({
    db,
    identity: {
      mode: 'training',
      officeId: credentials.officeId,
      officeCode: 'TLM1',
      officeName: 'Təlim',
      deskId: credentials.deskId,
      deskCode: '01',
      appVersion: '0.1.0',
    },
    clock: systemClock,
    random: systemRandomness,
    signer: createSigner(credentials.privateKeyPem),
    bootId: 'boot',
    schemaVersion: 119,
    publish: () => undefined,
    onQueued: () => undefined,
    clockOffsetMs: () => 0,
  });
  const watchedActs: ActRunner = {
    perform: (request, decide) => acts.perform(request, decide),
    isKnown: (commandId) => acts.isKnown(commandId),
    record: (actor, decide) => {
      step('recording');
      const value = acts.record(actor, decide);
      step('removing');
      return value;
    },
  };
  noteReturnedKey({ db, clock: systemClock, acts: watchedActs }, file);
  db.close();
  await transport.close();
  process.exit(0);
}
