import { readdirSync, readFileSync } from 'node:fs';

/** The kernel counts in hundredths of a second, whatever it measures in. */
const msPerTick = 10;

/**
 * Processor time in milliseconds that a process and everything it has started have used, those that have ended included. Undefined where there is no
 * `/proc`: then a figure is left out and not guessed.
 */
export function findProcessorMs(rootPid: number): number | undefined {
  try {
    const processes = readdirSync('/proc')
      .filter((name) => /^\d+$/u.test(name))
      .flatMap((name) => readStat(Number(name)));
    const children = Map.groupBy(processes, (each) => each.parentPid);
    const total = (pid: number): number =>
      (processes.find((each) => each.pid === pid)?.ownMs ?? 0) + (children.get(pid) ?? []).reduce((sum, each) => sum + total(each.pid), 0);
    return processes.some((each) => each.pid === rootPid) ? total(rootPid) : undefined;
  } catch {
    return undefined;
  }
}

function readStat(pid: number): { readonly pid: number; readonly parentPid: number; readonly ownMs: number }[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold blanks; what follows it does not.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0);
    return [{ pid, parentPid: Number(fields[1]), ownMs: ticks * msPerTick }];
  } catch {
    // It ended between the two looks.
    return [];
  }
}
