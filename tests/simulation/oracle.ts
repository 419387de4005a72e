import { createHash, verify } from 'node:crypto';
import canonicalize from 'canonicalize';
import { verifyAudit } from '../../src/core/audit/verify.ts';
import type { Row } from '../../src/core/storage/database.ts';
import type { CommandOutcome, Receipt } from '../../src/shared/registry-api/envelope.ts';
import { after, unknownCase, type CommandOfCase } from './case-model.ts';
import type { SimulatedDesk } from './simulated-desk.ts';

interface Judged {
  readonly registry: {
    readonly store: () => import('../../src/registry/store/store.ts').Store;
    readonly receiptPublicKey: import('node:crypto').KeyObject;
  };
  readonly desks: readonly SimulatedDesk[];
}

/** One command as the registry has it on record. */
interface RecordedCommand {
  readonly commandId: string;
  readonly deskId: string;
  readonly caseId: string;
  readonly kind: string;
  readonly outcome: CommandOutcome | null;
  readonly revAfter: number | null;
  readonly baseRev: number | null;
}

interface RecordedCase {
  readonly caseId: string;
  readonly rev: number;
  readonly state: string;
  readonly body: {
    readonly acts: readonly { readonly commandId: string; readonly kind: string }[];
    readonly userId: string;
    readonly certificates: readonly { readonly serial: string }[];
  };
}

const stateOfOutcome: Readonly<Record<string, readonly number[]>> = { applied: [1], conflict: [2, 4], rejected: [5] };
const remarks = new Set(['register.review', 'register.correct']);

/** What is wrong with a run that has come to peace; empty = every promise was kept. The letters are those of the invariants of the design. */
export async function listViolations(run: Judged, caseIds: readonly string[]): Promise<string[]> {
  const commands = await readCommands(run);
  const cases = await readCases(run, caseIds);
  const byId = new Map(commands.map((command) => [command.commandId, command]));
  const found: string[] = [];
  for (const desk of run.desks) {
    found.push(...judgeQueue(run, desk, byId));
    const verdict = await verifyAudit(desk.db, desk.deskId);
    if (verdict.firstBadSeq !== null) found.push(`I-10 ${desk.deskId}: audit row ${verdict.firstBadSeq}`);
  }
  for (const each of cases)
    found.push(
      ...judgeCase(
        each,
        commands.filter((command) => command.caseId === each.caseId),
      ),
    );
  found.push(...judgeKnowledge(run.desks, cases, caseIds), ...judgeNumbers(cases));
  return found;
}

/** Peace has come: nothing waits that could go, and every desk knows of every case what the registry knows. */
export async function isAtRest(run: Judged, caseIds: readonly string[]): Promise<boolean> {
  if (run.desks.some((desk) => listOpen(readQueue(desk)).length > 0)) return false;
  return judgeKnowledge(run.desks, await readCases(run, caseIds), caseIds).length === 0;
}

function readQueue(desk: SimulatedDesk): readonly Row[] {
  const columns = 'command_id, aggregate, kind, state, audit_seq, last_answer';
  return [
    ...desk.db.all(`SELECT ${columns}, 1 AS is_queued FROM outbox ORDER BY seq`),
    ...desk.db.all(`SELECT ${columns}, 0 AS is_queued FROM intents ORDER BY seq`),
  ];
}

/** What a person has to answer: conflicts and what was set aside, the oldest of each aggregate first. */
export function listWaitingForPerson(desk: SimulatedDesk): readonly string[] {
  const rows = readQueue(desk).filter((row) => row['state'] === 3 || (row['state'] === 2 && row['is_queued'] === 1));
  return [...new Map([...rows].reverse().map((row) => [String(row['aggregate']), String(row['command_id'])])).values()];
}

/** What has not come to its end: every open command, and every one of the queue that waits for a person. */
function listOpen(rows: readonly Row[]): readonly Row[] {
  return rows.filter((row) => row['state'] === 0 || (row['is_queued'] === 1 && (row['state'] === 2 || row['state'] === 3)));
}

/** I-1, I-2, I-4, I-5, I-6, I-9 and the receipts of one desk. */
function judgeQueue(run: Judged, desk: SimulatedDesk, byId: ReadonlyMap<string, RecordedCommand>): string[] {
  const found: string[] = [];
  const say = (text: string): void => void found.push(`${text} (${desk.deskId})`);
  const rows = readQueue(desk);
  const kept = new Map(rows.map((row) => [String(row['command_id']), row]));
  const outcomes = readAuditedOutcomes(desk);
  if (kept.size !== rows.length) say('I-6 one command stands twice');
  for (const act of desk.saved) if (!kept.has(act.commandId)) say(`I-1 ${act.kind} ${act.commandId} was saved and is gone`);
  const told = new Set(desk.saved.map((act) => act.commandId));
  for (const commandId of kept.keys()) if (!told.has(commandId)) say(`I-6 ${commandId} stands in the queue and nobody was told so`);
  for (const row of listOpen(rows))
    say(
      `I-9 ${String(row['kind'])} ${String(row['command_id'])} is still in state ${String(row['state'])}, last answer ${String(row['last_answer'])}`,
    );
  for (const [commandId, row] of kept) {
    const audit = desk.db.get('SELECT act FROM audit WHERE seq = @seq', { seq: Number(row['audit_seq']) });
    if (audit?.['act'] !== row['kind']) say(`I-2 ${commandId} has no audit row`);
    const recorded = byId.get(commandId);
    const state = Number(row['state']);
    if (state === 0) continue;
    const outcome = recorded?.outcome?.outcome;
    if (outcome === undefined || outcome === 'deferred' || outcome === 'blocked' || outcome === 'invalid') {
      if (state !== 3) say(`I-4 ${commandId}: ${state} here, nothing at the registry`);
      continue;
    }
    if (!(stateOfOutcome[outcome] ?? []).includes(state)) say(`I-4 ${String(row['kind'])} ${commandId}: ${state} here, ${outcome} there`);
    const audited = outcomes.get(commandId) ?? [];
    // A place that a look at the registry's list found missing there goes again, and its outcome is written down again.
    if (audited.at(-1) !== `sync.${outcome}`) say(`I-2 the outcome of ${commandId} stands in the audit as ${audited.join()}`);
    if (recorded !== undefined) found.push(...judgeReceipt(run, desk, recorded));
  }
  for (const aggregate of new Set(rows.map((row) => String(row['aggregate'])))) {
    const mine = rows
      .filter((row) => row['aggregate'] === aggregate && row['is_queued'] === 1)
      .map((row) => byId.get(String(row['command_id']))?.revAfter ?? null);
    const revs = mine.filter((rev) => rev !== null);
    if (revs.some((rev, index) => index > 0 && rev < (revs[index - 1] ?? 0))) say(`I-5 order of ${aggregate}: ${revs.join(',')}`);
  }
  return found;
}

/** What the audit tells of each command's outcome. */
function readAuditedOutcomes(desk: SimulatedDesk): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const row of desk.db.all(
    "SELECT act, rec FROM audit WHERE act IN ('sync.applied', 'sync.conflict', 'sync.rejected') ORDER BY seq",
  )) {
    const { commandId } = JSON.parse(Buffer.from(row['rec'] as Uint8Array).toString('utf8')) as { readonly commandId: string };
    found.set(commandId, [...(found.get(commandId) ?? []), String(row['act'])]);
  }
  return found;
}

/** The receipt is the registry's own, and about this outcome. */
function judgeReceipt(run: Judged, desk: SimulatedDesk, recorded: RecordedCommand): string[] {
  const row = desk.db.get('SELECT result, receipt FROM receipts WHERE command_id = @commandId', { commandId: recorded.commandId });
  if (row === undefined) return [`receipt of ${recorded.commandId} is missing (${desk.deskId})`];
  const { sig, ...proven } = JSON.parse(String(row['receipt'])) as Receipt;
  const isGenuine = verify(null, Buffer.from(canonicalize(proven) ?? ''), run.registry.receiptPublicKey, Buffer.from(sig, 'base64url'));
  const sha256 = createHash('sha256')
    .update(canonicalize(recorded.outcome) ?? '')
    .digest('hex');
  return isGenuine && proven.result_sha256 === sha256 && proven.command_id === recorded.commandId
    ? []
    : [`receipt of ${recorded.commandId} proves something else (${desk.deskId})`];
}

/** I-3, I-13 and the procedures' own table on one case. */
function judgeCase(recorded: RecordedCase, commands: readonly RecordedCommand[]): string[] {
  const found: string[] = [];
  const done = commands
    .filter((command) => command.outcome?.outcome === 'applied')
    .sort((left, right) => (left.revAfter ?? 0) - (right.revAfter ?? 0));
  const ids = recorded.body.acts.map((act) => act.commandId);
  if (new Set(ids).size !== ids.length) found.push(`I-3 ${recorded.caseId}: an act happened twice`);
  for (const command of done) {
    const times = ids.filter((id) => id === command.commandId).length;
    if (times !== 1) found.push(`I-3 ${command.kind} ${command.commandId} happened ${times} times`);
  }
  let model = unknownCase;
  let lastByDesk = { rev: 0, deskId: '' };
  const changes: { readonly rev: number; readonly deskId: string }[] = [];
  for (const command of done) {
    const next = after(model, command.kind as CommandOfCase);
    if (next === null) found.push(`§14.1 ${command.kind} was applied in ${model.state}`);
    else model = next;
    const strangers = changes.filter((change) => change.rev > (command.baseRev ?? 0) && change.deskId !== command.deskId);
    if (!remarks.has(command.kind) && strangers.length > 0)
      found.push(`I-13 ${command.kind} ${command.commandId} did not know revision ${strangers[0]?.rev}`);
    lastByDesk = { rev: command.revAfter ?? 0, deskId: command.deskId };
    changes.push(lastByDesk);
  }
  const isFailed = recorded.state === 'ACTIVATING' || recorded.state === 'ACT_FAILED';
  if (model.state !== recorded.state && !isFailed)
    found.push(`§14.1 ${recorded.caseId} is ${recorded.state}, by the procedures ${model.state}`);
  if (model.isActivated !== (recorded.body.userId !== '')) found.push(`§14.1 ${recorded.caseId}: activation and User ID disagree`);
  return found;
}

/** I-7, I-8: every desk of the office knows every case, and all know the same. */
function judgeKnowledge(desks: readonly SimulatedDesk[], cases: readonly RecordedCase[], caseIds: readonly string[]): string[] {
  const found: string[] = [];
  for (const desk of desks) {
    for (const caseId of caseIds) {
      const known = desk.knownCase(caseId);
      const recorded = cases.find((each) => each.caseId === caseId);
      if (recorded === undefined) {
        if (known !== undefined && known.rev !== null) found.push(`I-7 ${desk.deskId} knows a case that the registry does not`);
      } else if (known?.rev !== recorded.rev || known.state !== recorded.state) {
        found.push(
          `I-7 ${desk.deskId}: ${caseId} is ${known?.state} at ${known?.rev}, at the registry ${recorded.state} at ${recorded.rev}`,
        );
      }
    }
  }
  return found;
}

/** One-shot acts: a serial belongs to one case, and one number has one open case at most. */
function judgeNumbers(cases: readonly RecordedCase[]): string[] {
  const serials = cases.flatMap((each) =>
    each.state === 'REFUSED' || each.state === 'WITHDRAWN' ? [] : each.body.certificates.map((certificate) => certificate.serial),
  );
  const found = new Set(serials).size === serials.length ? [] : ['one certificate belongs to two cases'];
  const open = new Set(['CONTRACT', 'CERT_PRINTED', 'ACTIVATING', 'ACT_FAILED']);
  const [first, , , twin] = cases;
  if (first !== undefined && twin !== undefined && open.has(first.state) && open.has(twin.state))
    found.push('two open cases for one number and one person');
  return found;
}

async function readCommands(run: Judged): Promise<RecordedCommand[]> {
  const rows = await run.registry.store().read(({ db }) => db.selectFrom('command').selectAll().execute());
  return rows.map((row) => ({
    commandId: row.command_id,
    deskId: row.desk_id,
    caseId: row.aggregate_key,
    kind: row.kind,
    outcome: JSON.parse(row.result) as CommandOutcome,
    revAfter: row.rev_after,
    baseRev: (JSON.parse(row.envelope) as { base_rev: number | null }).base_rev,
  }));
}

async function readCases(run: Judged, caseIds: readonly string[]): Promise<RecordedCase[]> {
  const rows = await run.registry
    .store()
    .read(({ db }) =>
      db.selectFrom('aggregate').selectAll().where('type', '=', 'application').where('rev', '>', 0).orderBy('key').execute(),
    );
  return rows
    .filter((row) => caseIds.includes(row.key))
    .map((row) => ({ caseId: row.key, rev: row.rev, state: row.state, body: JSON.parse(row.body) as RecordedCase['body'] }));
}
