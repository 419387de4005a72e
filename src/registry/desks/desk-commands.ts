import type { z } from 'zod';
import type { DeskCommands, deskCommandsQuerySchema } from '../../shared/registry-api/desk-commands.ts';
import { commandOutcomeSchema, envelopeSchema, receiptSchema, type CommandKind } from '../../shared/registry-api/envelope.ts';
import type { Desk, Registry } from '../registry.ts';
import { partitionOf } from '../store/partition.ts';
import { findDeskHead } from './desk-head.ts';

/** One page of what is on record of a life of the desk. Ids and places stand with the desk, answers in the partition of each aggregate. Source: b8 */
export async function listDeskCommands(
  registry: Registry,
  desk: Desk,
  query: z.output<typeof deskCommandsQuerySchema>,
): Promise<DeskCommands> {
  const { epoch, after_seq: afterSeq, after_id: afterId, limit } = query;
  return await registry.store.read(async (session) => {
    const head = await findDeskHead(session, desk.deskId);
    const rows = await session.db
      .selectFrom('desk_command')
      .select(['command_id', 'seq', 'aggregate_type', 'aggregate_key', 'kind', 'received_at_ms'])
      .where('partition', '=', partitionOf(desk.deskId))
      .where('desk_id', '=', desk.deskId)
      .where('epoch', '=', epoch)
      .where((build) =>
        afterId === undefined
          ? build('seq', '>', afterSeq)
          : build.or([build('seq', '>', afterSeq), build.and([build('seq', '=', afterSeq), build('command_id', '>', afterId)])]),
      )
      .orderBy('seq')
      .orderBy('command_id')
      .limit(limit + 1)
      .execute();
    const page = rows.slice(0, limit);
    const answered = new Map<string, { readonly envelope: string; readonly result: string; readonly receipt: string }>();
    const partitions = [...new Set(page.map((row) => partitionOf(row.aggregate_key)))];
    for (const partition of partitions) {
      const ids = page.filter((row) => partitionOf(row.aggregate_key) === partition).map((row) => row.command_id);
      const found = await session.db
        .selectFrom('command')
        .select(['command_id', 'envelope', 'result', 'receipt'])
        .where('partition', '=', partition)
        .where('command_id', 'in', ids)
        .execute();
      for (const row of found) answered.set(row.command_id, row);
    }
    return {
      desk_id: desk.deskId,
      epoch,
      present_epoch: head.epoch,
      has_more: rows.length > limit,
      commands: page.map((row) => {
        const known = answered.get(row.command_id);
        const envelope = known === undefined ? undefined : envelopeSchema.parse(JSON.parse(known.envelope));
        return {
          command_id: row.command_id,
          desk_seq: row.seq,
          aggregate: { type: row.aggregate_type, key: row.aggregate_key },
          kind: row.kind as CommandKind,
          occurred_at_ms: envelope?.occurred_at_ms ?? row.received_at_ms,
          operator_login: envelope?.actor.login ?? '',
          result: known === undefined ? null : commandOutcomeSchema.parse(JSON.parse(known.result)),
          receipt: known === undefined ? null : receiptSchema.parse(JSON.parse(known.receipt)),
        };
      }),
    };
  });
}
