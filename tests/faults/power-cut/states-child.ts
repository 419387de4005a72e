import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { seededFraction } from '../../support/counts.ts';
import { createDisk, type DiskState } from './disk-states.ts';
import { judge } from './judge.ts';
import { writeFiles } from './record.ts';
import type { Found, Judged, StatesTask } from './search.ts';

/** Builds the states it is given, one after the other, opens each, and tells what it found; a process, so that two cores work. */
const [task] = (await once(process, 'message')) as [StatesTask];
const disk = createDisk(task.steps);
const seen = new Set<string>();
const judged: Judged = { sums: [], uncertain: 0, tailsTold: 0, unacknowledgedKept: 0, found: [] };

for (const [index, { cut, fate, seed }] of task.plan.entries()) {
  const random = seededFraction(seed);
  const state = disk.stateAt(cut, fate, random);
  const sum = sumOf(state);
  if (seen.has(sum)) continue;
  seen.add(sum);
  const folder = path.join(task.folder, 'state');
  writeFiles(folder, state.files);
  const file = path.join(folder, 'desk.db');
  // The index of the log is memory: after a power cut it may hold anything.
  if (random() < 0.3) writeFileSync(`${file}-shm`, randomBytes(32_768));
  const verdict = await judge(file, task.truth, state.acked, { isAgain: index % 10 === 0 });
  if (state.uncertain > 0) judged.uncertain += 1;
  if (verdict.violation !== null) {
    const where: Found = {
      cut,
      fate,
      seed,
      violation: verdict.violation,
      files: [...state.files].map(([name, { length }]) => `${name} ${length}`),
    };
    judged.found.push(where);
    if (judged.found.length >= task.enough) break;
  } else {
    if (verdict.isTailTold) judged.tailsTold += 1;
    judged.unacknowledgedKept += verdict.unacknowledgedKept;
  }
}
judged.sums.push(...seen);
rmSync(task.folder, { recursive: true, force: true });
process.send?.(judged, () => {
  process.disconnect();
});

function sumOf({ files, acked }: DiskState): string {
  return [...files].map(([name, bytes]) => `${name}:${bytes.length}:${crc32(bytes)}`).join(' ') + ` ${acked.length}`;
}
