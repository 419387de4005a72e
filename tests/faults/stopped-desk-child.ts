import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { systemClock } from '../../src/core/platform/clock.ts';
import type { DeskCredentials } from '../../src/registry/index.ts';
import type { CommandPayload } from '../../src/shared/registry-api/envelope.ts';
import type { CommandDraft } from '../../src/core/act/act.ts';
import { openRealDesk } from '../support/real-desk.ts';

/** A desk in a process of its own that does what each line tells it; its device clock stands apart from the true one by what a file says. */
export interface DeskSettings {
  readonly url: string;
  readonly folder: string;
  readonly credentials: DeskCredentials;
  /** Milliseconds, as text; read anew at every look at the clock, so that a jump is there with the first step after a stop. */
  readonly clockFile: string;
}
export type DeskOrder =
  | { readonly do: 'queue'; readonly count: number }
  | { readonly do: 'send'; readonly payload: CommandPayload<'application.send'> }
  | { readonly do: 'withdraw'; readonly applicationId: string; readonly rev: number; readonly token: number }
  | { readonly do: 'sign' }
  | { readonly do: 'wake' }
  | { readonly do: 'look' };
export interface DeskLook {
  readonly queued: number;
  readonly unknown: number;
  readonly attention: number;
  readonly link: string;
  readonly clockEvents: readonly string[];
  readonly commands: readonly { readonly id: string; readonly state: number; readonly result: string | null }[];
}

const settings = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as DeskSettings;
const desk = await openRealDesk(settings, settings.credentials, {
  folder: settings.folder,
  clock: { ...systemClock, nowMs: () => systemClock.nowMs() + Number(readFileSync(settings.clockFile, 'utf8')) },
});
const draftOf = (kind: CommandDraft['kind'], payload: { readonly applicationId: string }, rest: object = {}): CommandDraft =>
  ({
    kind,
    payload,
    aggregate: { type: 'application', key: payload.applicationId },
    baseRev: null,
    leaseToken: 0,
    ...rest,
  }) as CommandDraft;

async function obey(order: DeskOrder): Promise<unknown> {
  switch (order.do) {
    case 'queue': {
      const summary = { category: 'K1', fin: 'QYD0009', surname: 'SINAQ', givenName: 'SINAQ' };
      const rest = { reasonCode: 'M-05', note: '', invalidityNote: false, returnedDocuments: [], summary, lookUps: [] };
      for (let made = 0; made < order.count; made += 1)
        desk.act({
          outbox: [draftOf('application.refuse', { applicationId: desk.desk.random.uuid(), ...rest })],
        });
      return null;
    }
    case 'send': {
      const settled = await desk.worker.settleIntent(desk.act({ intent: draftOf('application.send', order.payload) }));
      return settled.ok ? settled.value.result : settled.failure;
    }
    case 'withdraw': {
      const { applicationId, rev, token } = order;
      const payload = { applicationId, reason: 'sınaq' } as { applicationId: string };
      return desk.act({ outbox: [draftOf('application.withdraw', payload, { baseRev: rev, leaseToken: token })] });
    }
    case 'sign':
      try {
        const payload = { applicationId: desk.desk.random.uuid(), paperNumber: '1', centreSignedBy: 'x', signedAtMs: 0 };
        desk.act({ outbox: [draftOf('application.sign_contract', payload)] });
        return 'done';
      } catch (error) {
        return error instanceof Error ? error.message : 'unknown';
      }
    case 'wake':
      desk.worker.wake(true);
      return null;
    case 'look': {
      const { queued, unknown, attention } = desk.worker.queue();
      const commands = desk.db
        .all(
          'SELECT q.command_id, q.state, r.result FROM (SELECT command_id, state FROM outbox UNION ALL SELECT command_id, state FROM intents) q LEFT JOIN receipts r ON r.command_id = q.command_id',
        )
        .map((row) => ({
          id: String(row['command_id']),
          state: Number(row['state']),
          result: row['result'] === null ? null : String(row['result']),
        }));
      const clockEvents = desk.worker.exchange.time.listEvents().map(({ kind }) => kind);
      return { queued, unknown, attention, link: desk.worker.link().state, clockEvents, commands } satisfies DeskLook;
    }
  }
}

process.stdout.write('ready\n');
for await (const line of createInterface(process.stdin)) {
  const { id, order } = JSON.parse(line) as { id: number; order: DeskOrder };
  process.stdout.write(`${JSON.stringify({ id, value: await obey(order) })}\n`);
}
await desk.close();
