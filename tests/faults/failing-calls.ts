import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { verifyAudit } from '../../src/core/audit/verify.ts';
import { systemRandomness } from '../../src/core/platform/randomness.ts';
import { openWorkedDesk, tryOpenWorkedDesk, workedDeskId } from '../support/worked-desk.ts';
import { listActs } from './power-cut/judge.ts';

/** A system call that fails, and how: `n` = the n-th call of its kind on the desk's files, `onwards` = that one and all after it. */
export interface FailingCall {
  readonly call: string;
  readonly error: 'EIO' | 'ENOSPC' | 'EMFILE';
  readonly n: number;
  readonly onwards: boolean;
}

/** What the desk finds: nothing yet, or files of a desk that was killed, with acts in the log. */
export type Start = 'new' | 'killed';

export interface Outcome {
  /** False: the desk made fewer such calls, so nothing failed. */
  readonly isInjected: boolean;
  readonly acked: number;
  readonly refused: number;
  /** Refused at first and taken under the same id. */
  readonly repeated: number;
  readonly isUnopened: boolean;
  readonly violation: string | null;
}

const actsOfRun = 6;
const actsBefore = 5;

/** The files of a desk that was killed after some acts, to begin every run with. */
export async function makeKilledDesk(folder: string): Promise<void> {
  const desk = await openWorkedDesk(path.join(folder, 'at-work', 'desk.db'));
  desk.act(actsBefore);
  mkdirSync(path.join(folder, 'killed'));
  for (const name of ['desk.db', 'desk.db-wal']) cpSync(path.join(folder, 'at-work', name), path.join(folder, 'killed', name));
  desk.db.close();
}

/** One process with one fault; afterwards its files are opened without faults and held against what it was told. */
export async function runWithFailingCall(folder: string, start: Start, fault: FailingCall, name: string): Promise<Outcome> {
  const own = path.join(folder, name);
  rmSync(own, { recursive: true, force: true });
  mkdirSync(own);
  if (start === 'killed')
    for (const part of readdirSync(path.join(folder, 'killed'))) cpSync(path.join(folder, 'killed', part), path.join(own, part));
  const file = path.join(own, 'desk.db');
  const trace = path.join(folder, `${name}.trace`);
  const watched = ['', '-wal', '-shm', '.new', '.new-wal', '.new-shm', '.lock'].flatMap((part) => ['-P', `${file}${part}`]);
  const inject = `inject=${fault.call}:error=${fault.error}:when=${fault.n}${fault.onwards ? '+' : ''}`;
  const child = spawn(
    'strace',
    // Of the main thread only: it alone touches the files.
    [
      ...['-o', trace, '-P', own, ...watched, '-s', '0', '-e', `trace=${fault.call}`, '-e', inject],
      ...[process.execPath, path.join(import.meta.dirname, 'failing-calls-child.ts'), file, String(actsOfRun), '20'],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NODE_COMPILE_CACHE: path.join(folder, 'compiled') } },
  );
  let said = '';
  let errors = '';
  child.stdout.on('data', (piece: Buffer) => (said += piece.toString('utf8')));
  child.stderr.on('data', (piece: Buffer) => (errors += piece.toString('utf8')));
  const [code] = (await once(child, 'close')) as [number | null];
  const isInjected = readFileSync(trace, 'latin1').includes('(INJECTED)');
  rmSync(trace, { force: true });
  const lines = said.trimEnd().split('\n');
  const wordOf = (word: string): string[] => lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
  const acked = wordOf('acked');
  const refused = [...wordOf('DISK_FULL'), ...wordOf('STORAGE_FAILED')];
  const unopened = wordOf('unopened');
  // A sector that cannot be read is damage: the core ends, and the next start finds whether it is still so.
  const isReading = fault.call === 'pread64';
  const known = ['DISK_FULL', 'STORAGE_FAILED', ...(isReading ? ['DATABASE_DAMAGED'] : [])];
  const isDone = code === 0 && lines.at(-1) === 'ended';
  const violation =
    (isDone ? null : `ended with ${String(code)}: ${errors.slice(0, 600)}`) ??
    (acked.length + refused.length === actsOfRun || unopened.length === 1 ? null : `said: ${said}`) ??
    (unopened.every((told) => known.includes(told)) ? null : `unopened: ${unopened.join()}`) ??
    // One call that failed is no reason to stop work.
    (fault.onwards || refused.length === 0 ? null : `refused again after one failure: ${said}`) ??
    (wordOf('damaged').length === 0 || isReading ? null : `taken for damage: ${said}`) ??
    (await violationOf(file, start === 'killed' ? actsBefore : 0, acked));
  rmSync(own, { recursive: true, force: true });
  return {
    isInjected,
    acked: acked.length,
    refused: refused.length,
    repeated: wordOf('repeated').length,
    isUnopened: unopened.length > 0,
    violation,
  };
}

/** With a disk that is well again: everything answered as saved is there once, nothing is half, and work goes on. */
async function violationOf(file: string, before: number, acked: readonly string[]): Promise<string | null> {
  const opened = await tryOpenWorkedDesk(file);
  if (!opened.ok) return `not opened without faults: ${opened.failure.code} ${JSON.stringify(opened.failure.params ?? {})}`;
  const { db } = opened.value;
  try {
    const there = listActs(db).map(({ commandId }) => commandId);
    const lost = acked.filter((id) => !there.includes(id));
    if (lost.length > 0) return `lost: ${lost.length} of ${acked.length}`;
    if (there.length < before + acked.length)
      return `${there.length} acts where there were ${before} and ${acked.length} more were answered`;
    const { firstBadSeq } = await verifyAudit(db, workedDeskId);
    if (firstBadSeq !== null) return `the journal does not hold at row ${firstBadSeq}`;
    if (!opened.value.attempt('outbox', systemRandomness.uuid()).ok) return 'the next act was refused';
    const check = db.get('PRAGMA integrity_check')?.['integrity_check'];
    return check === 'ok' ? null : String(check);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    db.close();
  }
}
