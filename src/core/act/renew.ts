import type { AuditHead } from '../audit/chain.ts';
import { canonicalJson } from '../platform/canonical.ts';
import type { Row, Tx } from '../storage/database.ts';
import type { CommandSigner } from './envelope.ts';

/**
 * Signs what waits in the queue anew for another life of the desk: the same command (id, content, time, person), another epoch and place. The
 * registry answers one that it already has with the stored outcome and takes one that it does not know. Answers how many were renewed.
 * Source: sync-and-reliability (b8), F-25
 */
export function renewQueue(tx: Tx, life: { readonly deskEpoch: number; readonly audit: AuditHead }, signer: CommandSigner): number {
  let deskSeq = Number(tx.get('SELECT max(desk_seq) AS n FROM outbox WHERE epoch = @deskEpoch', { deskEpoch: life.deskEpoch })?.['n'] ?? 0);
  let renewed = 0;
  const waiting = tx.all(
    `SELECT o.seq, e.envelope FROM outbox o JOIN outbox_envelopes e ON e.seq = o.seq
     WHERE o.state IN (0, 3) AND o.epoch <> @deskEpoch ORDER BY o.seq`,
    { deskEpoch: life.deskEpoch },
  );
  for (const row of waiting) {
    deskSeq += 1;
    const envelope = signAnew(row, { ...life, deskSeq }, signer);
    tx.run('UPDATE outbox SET epoch = @deskEpoch, desk_seq = @deskSeq, size_bytes = @sizeBytes WHERE seq = @seq', {
      seq: Number(row['seq']),
      deskEpoch: life.deskEpoch,
      deskSeq,
      sizeBytes: envelope.length,
    });
    tx.run('UPDATE outbox_envelopes SET envelope = @envelope WHERE seq = @seq', { seq: Number(row['seq']), envelope });
    renewed += 1;
  }
  for (const row of tx.all('SELECT seq, envelope FROM intents WHERE state IN (0, 3) ORDER BY seq')) {
    if (epochOf(row) === life.deskEpoch) continue;
    const envelope = signAnew(row, { ...life, deskSeq: 0 }, signer);
    tx.run('UPDATE intents SET envelope = @envelope, size_bytes = @sizeBytes WHERE seq = @seq', {
      seq: Number(row['seq']),
      envelope,
      sizeBytes: envelope.length,
    });
    renewed += 1;
  }
  return renewed;
}

function signAnew(
  row: Row,
  life: { readonly deskEpoch: number; readonly deskSeq: number; readonly audit: AuditHead },
  signer: CommandSigner,
): Buffer {
  const { sig: _sig, ...content } = readEnvelope(row);
  const renewed = {
    ...content,
    desk_epoch: life.deskEpoch,
    desk_seq: life.deskSeq,
    audit_seq: life.audit.seq,
    audit_head: life.audit.h.toString('hex'),
  };
  return Buffer.from(canonicalJson({ ...renewed, sig: signer.sign(canonicalJson(renewed)) }), 'utf8');
}

function epochOf(row: Row): number {
  return Number(readEnvelope(row)['desk_epoch']);
}

/** The desk's own text, as it was signed. */
function readEnvelope(row: Row): Readonly<Record<string, unknown>> {
  return JSON.parse((row['envelope'] as Buffer).toString('utf8')) as Readonly<Record<string, unknown>>;
}
