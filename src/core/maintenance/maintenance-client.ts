import type { Channel, Clock } from '../../shared/platform/ports.ts';
import type { RecoveryCounts } from '../../shared/contract/recovery.ts';
import { fail, succeed, type Failure, type Result } from '../../shared/platform/result.ts';
import type { AuditVerdict } from '../audit/verify.ts';
import {
  maintenanceAnswerSchema,
  type MaintainedDesk,
  type MaintenanceAnswer,
  type MaintenanceRequest,
  type MaintenanceTask,
} from './protocol.ts';

/** What the core asks of its maintenance process. MAINTENANCE_UNAVAILABLE (retryable) when it is not there or went away under the work. */
export interface Maintenance {
  verifyAudit(): Promise<Result<AuditVerdict, Failure>>;
  check(isFull: boolean): Promise<Result<{ readonly isWhole: boolean; readonly pages: number }, Failure>>;
  backUp(options: { readonly nowMs: number; readonly freeAfterBytes: number }): Promise<Result<BackupFacts, Failure>>;
  drill(options: { readonly nowMs: number; readonly freeAfterBytes: number }): Promise<Result<DrillFacts, Failure>>;
  /** From the newest good copy and everything that can still be read; only while no desk runs on the file. */
  restore(options: { readonly nowMs: number; readonly byLogin: string }): Promise<Result<RecoveryCounts, Failure>>;
  close(): void;
}
export type BackupFacts = Extract<MaintenanceAnswer, { kind: 'backed_up' }>['facts'];
export type DrillFacts = Extract<MaintenanceAnswer, { kind: 'drilled' }>['facts'];

const unavailable = fail('MAINTENANCE_UNAVAILABLE', {}, true);
/** A copy of gigabytes takes minutes; what is silent for longer hangs. */
const silenceMs = 15 * 60_000;

/** The core's side of the maintenance process: when the channel is lost, what is under way fails and the next task connects again. */
export function createMaintenanceClient(connect: () => Promise<Channel>, desk: MaintainedDesk, clock: Clock): Maintenance {
  const pending = new Map<number, (answer: MaintenanceAnswer | null) => void>();
  let nextId = 1;
  let connection: Promise<Channel> | null = null;
  let isClosed = false;

  const drop = (channel: Channel | null): void => {
    connection = null;
    for (const finish of [...pending.values()]) finish(null);
    channel?.close();
  };
  const connected = (): Promise<Channel> => {
    connection ??= connect().then((channel) => {
      channel.onMessage((message) => {
        const parsed = maintenanceAnswerSchema.safeParse(message);
        if (parsed.success) pending.get(parsed.data.id)?.(parsed.data);
        else drop(channel);
      });
      channel.onClose(() => drop(null));
      return channel;
    });
    return connection;
  };
  const ask = async (task: MaintenanceTask): Promise<MaintenanceAnswer | null> => {
    if (isClosed) return null;
    let channel: Channel;
    try {
      channel = await connected();
    } catch {
      connection = null;
      return null;
    }
    const id = nextId++;
    return new Promise((resolve) => {
      const cancel = clock.schedule(silenceMs, () => drop(channel));
      pending.set(id, (answer) => {
        cancel();
        pending.delete(id);
        resolve(answer);
      });
      channel.send({ id, desk, task } satisfies MaintenanceRequest);
    });
  };
  const failureOf = (answer: MaintenanceAnswer | null) => (answer?.kind === 'failed' ? fail(answer.code, {}, true) : unavailable);

  return {
    async verifyAudit() {
      const answer = await ask({ kind: 'verify_audit' });
      if (answer?.kind !== 'verified') return failureOf(answer);
      const { rows, firstBadSeq, seals, sealedUptoSeq, countersignedUptoSeq } = answer;
      return succeed({ rows, firstBadSeq, seals, sealedUptoSeq, countersignedUptoSeq });
    },
    async check(isFull) {
      const answer = await ask({ kind: 'check', isFull });
      return answer?.kind === 'checked' ? succeed({ isWhole: answer.isWhole, pages: answer.pages }) : failureOf(answer);
    },
    async backUp(options) {
      const answer = await ask({ kind: 'backup', ...options });
      return answer?.kind === 'backed_up' ? succeed(answer.facts) : failureOf(answer);
    },
    async drill(options) {
      const answer = await ask({ kind: 'drill', ...options });
      return answer?.kind === 'drilled' ? succeed(answer.facts) : failureOf(answer);
    },
    async restore(options) {
      const answer = await ask({ kind: 'restore', ...options });
      return answer?.kind === 'restored' ? succeed(answer.counts) : failureOf(answer);
    },
    close() {
      isClosed = true;
      const open = connection;
      drop(null);
      void open?.then((channel) => channel.close()).catch(() => undefined);
    },
  };
}
