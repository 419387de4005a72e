import { knownCode } from '../platform/known-words.ts';
import type { Reader } from '../storage/database.ts';
import type { Exchange } from './exchange.ts';
import { commandStates, getQueueCounts, getSyncState } from './sync-store.ts';

/** The exchange in numbers and codes, for support: who reads it learns nothing about any person. */
export type SyncFacts = ReturnType<typeof collectSyncFacts>;

const lastAnswers = 200;

export function collectSyncFacts(exchange: Exchange) {
  const { db } = exchange;
  const state = getSyncState(db);
  const link = exchange.link.state();
  const attachments = exchange.attachments()?.listPending() ?? [];
  const policy = exchange.policy.signed();
  return {
    link: {
      state: link.state,
      sinceMs: link.sinceMs,
      lastAnswer: link.lastAnswer === null ? null : { code: knownCode(link.lastAnswer.code), atMs: link.lastAnswer.atMs },
      breaker: exchange.breaker.state(),
      breakerRestMs: exchange.breaker.restMs(),
      frozenCode: knownCode(exchange.frozen()?.code ?? ''),
      attempt: state.attempt,
      notBeforeMs: state.notBeforeMs,
      isResyncing: state.isResyncing,
    },
    queue: {
      ...getQueueCounts(db),
      deskEpoch: exchange.deskEpoch(),
      outbox: countStates(db, 'outbox'),
      intents: countStates(db, 'intents'),
      attachments: {
        waiting: attachments.length,
        bytes: attachments.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
        sentBytes: attachments.reduce((sum, { sentBytes }) => sum + sentBytes, 0),
      },
      deferredChanges: Number(db.get('SELECT count(*) AS n FROM inbox_deferred')?.['n'] ?? 0),
    },
    answers: {
      open: db
        .all(
          `SELECT last_answer, count(*) AS n FROM (SELECT last_answer FROM outbox WHERE state IN (0, 2, 3) UNION ALL SELECT last_answer FROM intents WHERE state IN (0, 3))
           GROUP BY last_answer ORDER BY last_answer`,
        )
        .map((row) => ({ code: knownCode(String(row['last_answer'])), commands: Number(row['n']) })),
      last: db
        .all(`SELECT at_ms, what, commands, outcome, http, took_ms FROM outbox_attempt ORDER BY id DESC LIMIT ${lastAnswers}`)
        .map((row) => ({
          atMs: Number(row['at_ms']),
          what: row['what'] === 'intent' ? 'intent' : 'commands',
          commands: Number(row['commands']),
          code: knownCode(String(row['outcome'])),
          http: row['http'] === null ? null : Number(row['http']),
          tookMs: Number(row['took_ms']),
        })),
      lastDrain: state.lastDrain,
    },
    clock: {
      ...(exchange.time.estimate() ?? { offsetMs: null, errorMs: null }),
      unseen: exchange.time.countUnseen(),
      events: exchange.time.listEvents().map(({ kind, atMs, byMs }) => ({ kind, atMs, byMs })),
    },
    limits: exchange.contact.verdict(),
    policy:
      policy === null
        ? null
        : {
            version: policy.version,
            validUntilMs: policy.valid_until_ms,
            batch: policy.batch,
            pollS: policy.poll_s,
            maxOfflineHours: policy.maxOfflineHours,
            maxOfflineCommands: policy.maxOfflineCommands,
            minFreeBytes: policy.minFreeBytes,
          },
    registryEpoch: /^[0-9a-f-]{36}$/u.test(state.registryEpoch) ? state.registryEpoch : '',
  };
}

function countStates(db: Reader, table: 'outbox' | 'intents'): Record<string, number> {
  const rows =
    table === 'outbox'
      ? db.all('SELECT state, count(*) AS n FROM outbox GROUP BY state')
      : db.all('SELECT state, count(*) AS n FROM intents GROUP BY state');
  const counted = new Map(rows.map((row) => [Number(row['state']), Number(row['n'])]));
  return Object.fromEntries(Object.entries(commandStates).map(([name, state]) => [name, counted.get(state) ?? 0]));
}
