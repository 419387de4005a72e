import { createHash } from 'node:crypto';
import type { CommandDraft } from '../../src/core/act/act.ts';
import type { AttachmentSource } from '../../src/core/sync/ports.ts';
import type { DeskCredentials } from '../../src/registry/index.ts';
import { applicationDataSchema, type ApplicationData } from '../../src/shared/rules/application-data.ts';
import { openRealDesk, type RealDesk } from '../support/real-desk.ts';
import { submission } from '../integration/registry/test-desk.ts';

/** A desk that is never at rest: cases that are refused and corrected, applications that are sent and taken back, scans that are uploaded. */
export interface BusyDesk {
  readonly desk: RealDesk;
  readonly credentials: DeskCredentials;
  /** What it was told of its online acts, by command id: the outcome's text. */
  readonly told: ReadonlyMap<string, string>;
  /** Hashes of the scans that it believes to be at the registry. */
  readonly uploaded: readonly string[];
  readonly made: { refused: number; corrected: number; sent: number; withdrawn: number };
  /** Does one thing now. */
  act(): void;
  /** Makes no new scan any more; what has begun goes on. */
  rest(): void;
  isAtRest(): boolean;
}

const mostQueued = 200;
const scanBytes = 600 * 1024;

export async function openBusyDesk(
  registry: { readonly url: string },
  credentials: DeskCredentials,
  options: { readonly applicants: readonly ApplicationData[]; readonly random: () => number },
): Promise<BusyDesk> {
  const { applicants, random } = options;
  const waiting = [...applicants];
  const told = new Map<string, string>();
  const uploaded: string[] = [];
  const made = { refused: 0, corrected: 0, sent: 0, withdrawn: 0 };
  const refused: { readonly applicationId: string; readonly commandId: string }[] = [];
  const sent: { readonly applicationId: string; readonly rev: number; readonly token: number }[] = [];
  let isResting = false;
  let scanCount = 0;
  let scan: { readonly bytes: Buffer; readonly sha256: string; sentBytes: number } | null = null;
  const nextScan = () => {
    scanCount += 1;
    const bytes = Buffer.alloc(scanBytes, `%PDF-1.7 ${credentials.deskId} ${scanCount} `);
    return { bytes, sha256: createHash('sha256').update(bytes).digest('hex'), sentBytes: 0 };
  };
  const attachments: AttachmentSource = {
    listPending() {
      if (scan === null && !isResting) scan = nextScan();
      return scan === null
        ? []
        : [{ sha256: scan.sha256, sizeBytes: scan.bytes.length, mediaType: 'application/pdf', sentBytes: scan.sentBytes }];
    },
    readPiece: (_sha256, offset, length) => (scan?.bytes ?? Buffer.alloc(0)).subarray(offset, offset + length),
    markProgress(sha256, sentBytes) {
      if (scan === null) return;
      scan.sentBytes = sentBytes;
      if (sentBytes < scan.bytes.length) return;
      uploaded.push(sha256);
      scan = null;
    },
  };
  const desk = await openRealDesk(registry, credentials, { attachments });
  const draftOf = (kind: CommandDraft['kind'], payload: { readonly applicationId: string }): CommandDraft =>
    ({
      kind,
      payload,
      aggregate: { type: 'application', key: payload.applicationId },
      baseRev: null,
      leaseToken: 0,
    }) as CommandDraft;

  const refuse = (): void => {
    const applicationId = desk.desk.random.uuid();
    const summary = { category: 'K1', fin: 'QYD0009', surname: 'SINAQ', givenName: 'SINAQ' };
    const payload = { applicationId, reasonCode: 'M-05', note: '', invalidityNote: false, returnedDocuments: [], summary, lookUps: [] };
    const commandId = desk.act({ outbox: [draftOf('application.refuse', payload)] });
    refused.push({ applicationId, commandId });
    made.refused += 1;
  };
  const correct = (): void => {
    const at = refused[Math.floor(random() * refused.length)];
    if (at === undefined) {
      refuse();
      return;
    }
    const payload = { applicationId: at.applicationId, actCommandId: at.commandId, note: `düzəliş ${made.corrected}` };
    desk.act({ outbox: [draftOf('register.correct', payload)] });
    made.corrected += 1;
  };
  const send = (applicant: ApplicationData): void => {
    const data = applicationDataSchema.parse({
      ...applicant,
      secretQuestion: 'first_school',
      consent: { textVersion: '1', givenAtMs: 1 },
      carrier: { ...applicant.carrier, connectionFormNumber: 'F-1' },
    });
    const payload = submission(data);
    const commandId = desk.act({ intent: draftOf('application.send', payload) });
    made.sent += 1;
    // Whoever sent it waits for the answer, is told that it is not known, and asks again.
    void (async () => {
      for (;;) {
        const answer = await desk.worker.settleIntent(commandId);
        if (answer.ok) {
          const { result } = answer.value;
          told.set(commandId, JSON.stringify(result));
          if (result.outcome === 'applied')
            sent.push({ applicationId: payload.applicationId, rev: result.rev, token: result.lease_token ?? 0 });
          return;
        }
        if (answer.failure.code !== 'OUTCOME_UNKNOWN') return void told.set(commandId, answer.failure.code);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    })();
  };
  const withdraw = ({ applicationId, rev, token }: (typeof sent)[number]): void => {
    const draft = draftOf('application.withdraw', { applicationId, reason: 'sınaq' } as { applicationId: string });
    desk.act({ outbox: [{ ...draft, baseRev: rev, leaseToken: token }] });
    made.withdrawn += 1;
  };

  return {
    desk,
    credentials,
    told,
    uploaded,
    made,
    act() {
      if (desk.worker.queue().queued > mostQueued) return;
      const roll = random();
      const applicant = roll < 0.12 ? waiting.shift() : undefined;
      const done = roll >= 0.12 && roll < 0.18 ? sent.shift() : undefined;
      if (applicant !== undefined) send(applicant);
      else if (done !== undefined) withdraw(done);
      else if (roll < 0.6) refuse();
      else correct();
    },
    rest() {
      isResting = true;
    },
    isAtRest: () => {
      const { queued, unknown } = desk.worker.queue();
      return queued + unknown === 0 && scan === null && told.size === made.sent;
    },
  };
}
