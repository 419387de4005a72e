import { createActRunner } from '../../src/core/act/act-runner.ts';
import type { ActEffects, ActRunner, CommandDraft } from '../../src/core/act/act.ts';
import { createSigner } from '../../src/core/act/envelope.ts';
import { chainStart } from '../../src/core/audit/chain.ts';
import { isGoodRow } from '../../src/core/audit/verify.ts';
import { systemClock } from '../../src/core/platform/clock.ts';
import { systemRandomness } from '../../src/core/platform/randomness.ts';
import type { Database, Row, Tx } from '../../src/core/storage/database.ts';
import { succeed } from '../../src/shared/platform/result.ts';
import { syncIdentity } from '../support/sync-desk.ts';
import { testActor } from '../support/test-desk.ts';

export const writerDeskId = syncIdentity.deskId;

/** Up to where a database was looked through, and the hash that stood there: it must stand there for ever. */
export interface Mark {
  readonly number: number;
  readonly hashHex: string;
}
export const firstMark: Mark = { number: 0, hashHex: chainStart.toString('hex') };

/** Each act has one number, one audit row of the same number, and what follows from the number: queued commands, an intent, small rows and large. */
const shapeOf = (number: number): { readonly outbox: number; readonly intents: number; readonly noteChars: number } => ({
  outbox: number % 11 === 0 || number % 7 === 0 ? 0 : number % 5 === 0 ? 2 : 1,
  intents: number % 11 !== 0 && number % 7 === 0 ? 1 : 0,
  noteChars: number % 29 === 0 ? 60_000 : number % 13 === 0 ? 9000 : 0,
});
const idOf = (kind: string, number: number): string => `0197${kind}-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;
const commandIdOf = (number: number): string => idOf('c000', number);
const caseIdOf = (number: number): string => idOf('ca5e', number % 10);
const noteOf = (number: number): string => `${number} ${'ə'.repeat(shapeOf(number).noteChars)}`;

export function createWriter(db: Database, signingKeyPem: string): ActRunner {
  return createActRunner({
    db,
    identity: syncIdentity,
    clock: systemClock,
    random: systemRandomness,
    signer: createSigner(signingKeyPem),
    bootId: 'boot',
    schemaVersion: 1,
    publish: () => undefined,
    onQueued: () => undefined,
    clockOffsetMs: () => 0,
  });
}

/** As the product does it: domain row, queued commands or intent, audit row and remembered id in one transaction. Asked again, it answers from memory. */
export function perform(acts: ActRunner, number: number): void {
  const done = acts.perform({ commandId: commandIdOf(number), operation: 'test', actor: testActor, input: number }, (tx) =>
    succeed(effectsOf(tx, number)),
  );
  if (!done.ok) throw new Error(done.failure.code);
  if (done.value.number !== number) throw new Error(`Act ${number} answered as ${done.value.number}`);
}

function effectsOf(tx: Tx, number: number): ActEffects<{ readonly number: number }> {
  const applicationId = caseIdOf(number);
  tx.run(
    "INSERT INTO act_review(act_command_id, application_id, review, reason, by_login, by_name, at_ms) VALUES (@commandId, @applicationId, 'returned', @note, 'leyla', 'Leyla', @number)",
    { commandId: commandIdOf(number), applicationId, note: noteOf(number), number },
  );
  const draft: CommandDraft = {
    kind: 'application.withdraw',
    payload: { applicationId, reason: String(number) },
    aggregate: { type: 'application', key: applicationId },
    baseRev: null,
    leaseToken: 0,
  };
  const { outbox, intents } = shapeOf(number);
  return {
    value: { number },
    audit: { act: 'test', detail: { number } },
    ...(outbox === 0 ? {} : { outbox: Array.from({ length: outbox }, () => draft) }),
    ...(intents === 0 ? {} : { intent: draft }),
  };
}

/** Everything after the mark: what is there is there whole and once, and follows what was there before. `wrong` is empty when that is so. */
export function lookThrough(db: Database, from: Mark): { readonly mark: Mark; readonly wrong: readonly string[] } {
  const stands = from.number === 0 ? from.hashHex : hex(db.get('SELECT h FROM audit WHERE seq = @seq', { seq: from.number })?.['h']);
  if (stands !== from.hashHex) return { mark: from, wrong: [`audit row ${from.number} is another one than before, or none`] };
  const rows = db.all('SELECT seq, at_ms, act, operator_login, rec, prev, h FROM audit WHERE seq > @seq ORDER BY seq', {
    seq: from.number,
  });
  const wrong: string[] = [];
  let mark = from;
  for (const row of rows) {
    const number = mark.number + 1;
    if (Number(row['seq']) !== number || !isGoodRow(row, writerDeskId, Buffer.from(mark.hashHex, 'hex')))
      wrong.push(`audit row ${String(row['seq'])} does not follow ${mark.number}`);
    wrong.push(...listParts(db, number, row));
    mark = { number, hashHex: hex(row['h']) };
  }
  return { mark, wrong };
}

function listParts(db: Database, number: number, audit: Row): string[] {
  const commandId = commandIdOf(number);
  const record = JSON.parse((audit['rec'] as Buffer).toString('utf8')) as { commandId: string; detail: { number: number } };
  const remembered = db.get('SELECT value FROM remembered_commands WHERE command_id = @commandId', { commandId });
  const note = db.get('SELECT reason FROM act_review WHERE act_command_id = @commandId', { commandId });
  const outbox = db.all(
    'SELECT o.command_id, e.envelope FROM outbox o JOIN outbox_envelopes e ON e.seq = o.seq WHERE o.audit_seq = @number ORDER BY o.seq',
    {
      number,
    },
  );
  const intents = db.all('SELECT command_id, envelope FROM intents WHERE audit_seq = @number', { number });
  const shape = shapeOf(number);
  const commands = [...intents, ...outbox];
  const isGood = {
    audit: record.commandId === commandId && record.detail.number === number,
    memory: remembered?.['value'] === JSON.stringify({ number }),
    row: note?.['reason'] === noteOf(number),
    outbox: outbox.length === shape.outbox,
    intents: intents.length === shape.intents,
    id: commands.length === 0 || commands[0]?.['command_id'] === commandId,
    text: commands.every((row) => {
      const { payload, audit_seq } = JSON.parse((row['envelope'] as Buffer).toString('utf8')) as {
        payload: { reason: string };
        audit_seq: number;
      };
      return payload.reason === String(number) && audit_seq === number;
    }),
  };
  return Object.entries(isGood).flatMap(([part, good]) => (good ? [] : [`act ${number}: ${part}`]));
}

/** How many rows all acts up to this number make: whatever a table has beyond them, no act has made. */
export function countExpected(upTo: number): { readonly acts: number; readonly outbox: number; readonly intents: number } {
  let outbox = 0;
  let intents = 0;
  for (let number = 1; number <= upTo; number += 1) {
    outbox += shapeOf(number).outbox;
    intents += shapeOf(number).intents;
  }
  return { acts: upTo, outbox, intents };
}

const hex = (value: Row[string] | undefined): string => Buffer.from((value ?? []) as Uint8Array).toString('hex');
