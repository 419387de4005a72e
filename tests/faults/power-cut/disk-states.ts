import path from 'node:path';
import type { DiskStep } from './syscall-trace.ts';

/**
 * What a disk may hold when the power fails after some step. A write is certainly there once its file was synced after it; until then the disk
 * took it, a part of it, or nothing, in any order. A name is certain once its folder was synced. After a sync that failed the writes before it stay
 * uncertain for ever: the kernel calls such pages clean, so a later sync that succeeds says nothing about them. Source: ATC'20 fsync failures
 */
export const fates = ['prefix', 'nothing', 'dropped', 'reordered', 'torn-512', 'torn-4096', 'size'] as const;
export type Fate = (typeof fates)[number];

export interface DiskState {
  /** By name, the folder's own files first. */
  readonly files: ReadonlyMap<string, Buffer>;
  readonly acked: readonly string[];
  /** How many writes and names were uncertain. */
  readonly uncertain: number;
}

type Change = Extract<DiskStep, { kind: 'write' | 'size' }>;
type Naming = Extract<DiskStep, { kind: 'name' }>;
interface Entry {
  readonly change: Change;
  certainty: 'certain' | 'open' | 'doubtful';
}
interface FileOnDisk {
  base: Buffer;
  entries: Entry[];
}

export function createDisk(steps: readonly DiskStep[]) {
  const inodes = new Map<number, FileOnDisk>();
  const names = new Map<string, number>();
  let namings: Naming[] = [];
  const acked: string[] = [];
  let done = 0;

  const fileOf = (inode: number): FileOnDisk => {
    const known = inodes.get(inode);
    if (known !== undefined) return known;
    const made = { base: Buffer.alloc(0), entries: [] };
    inodes.set(inode, made);
    return made;
  };
  const take = (step: DiskStep): void => {
    if (step.kind === 'acked') acked.push(step.commandId);
    else if (step.kind === 'name') namings.push(step);
    else if (step.kind === 'syncFolder') {
      if (!step.isDone) return;
      const isThere = ({ name }: Naming): boolean => path.dirname(name) === (step.folder === '' ? '.' : step.folder);
      for (const naming of namings.filter(isThere)) rename(names, naming);
      namings = namings.filter((naming) => !isThere(naming));
    } else if (step.kind === 'sync') {
      const file = fileOf(step.inode);
      for (const entry of file.entries) if (entry.certainty === 'open') entry.certainty = step.isDone ? 'certain' : 'doubtful';
      const open = file.entries.findIndex(({ certainty }) => certainty !== 'certain');
      const settled = file.entries.splice(0, open < 0 ? file.entries.length : open);
      file.base = applyAll(
        file.base,
        settled.map(({ change }) => change),
      );
    } else fileOf(step.inode).entries.push({ change: step, certainty: 'open' });
  };

  return {
    /** The state after so many steps; called with rising numbers. */
    stateAt(cut: number, fate: Fate, random: () => number): DiskState {
      for (; done < cut; done += 1) take(steps[done] as DiskStep);
      const named = new Map(names);
      for (const naming of chooseNames(namings, fate, random)) rename(named, naming);
      const files = new Map<string, Buffer>();
      let uncertain = namings.length;
      for (const [name, inode] of [...named].sort(([left], [right]) => (left < right ? -1 : 1))) {
        const file = fileOf(inode);
        uncertain += file.entries.length;
        files.set(name, contentOf(file, fate, random));
      }
      return { files, acked: [...acked], uncertain };
    },
  };
}

function rename(names: Map<string, number>, { name, inode, from }: Naming): void {
  if (inode === null) names.delete(name);
  else names.set(name, inode);
  if (from !== null) names.delete(from);
}

function chooseNames(namings: readonly Naming[], fate: Fate, random: () => number): readonly Naming[] {
  if (fate === 'prefix') return namings;
  if (fate === 'nothing') return [];
  const way = random();
  if (way < 0.4) return namings;
  if (way < 0.6) return namings.slice(0, Math.floor(random() * (namings.length + 1)));
  // No order is promised among names either.
  return namings.filter(() => random() < 0.5);
}

function contentOf({ base, entries }: FileOnDisk, fate: Fate, random: () => number): Buffer {
  const all = entries.map(({ change }) => change);
  if (entries.length === 0) return base;
  const isCertain = (index: number): boolean => entries[index]?.certainty === 'certain';
  const keepOf = [0.1, 0.5, 0.9][Math.floor(random() * 3)] ?? 0.5;
  switch (fate) {
    case 'prefix':
      return applyAll(base, all);
    case 'nothing':
      return applyAll(
        base,
        all.filter((_, index) => isCertain(index)),
      );
    case 'dropped':
      return applyAll(
        base,
        all.filter((_, index) => isCertain(index) || random() < keepOf),
      );
    case 'reordered': {
      if (entries.some(({ certainty }) => certainty === 'certain')) return applyAll(base, all);
      const kept = all.filter(() => random() < 0.8);
      for (let last = kept.length - 1; last > 0; last -= 1) {
        const other = Math.floor(random() * (last + 1));
        [kept[last], kept[other]] = [kept[other] as Change, kept[last] as Change];
      }
      return applyAll(base, kept);
    }
    case 'torn-512':
    case 'torn-4096': {
      const sectorBytes = fate === 'torn-512' ? 512 : 4096;
      const isOnlyLast = random() < 0.5;
      const torn = all.flatMap((change, index) => {
        if (isCertain(index) || change.kind === 'size' || (isOnlyLast && index < all.length - 1)) return [change];
        return tear(change, sectorBytes, random, keepOf);
      });
      return applyAll(base, torn);
    }
    case 'size': {
      const whole = applyAll(base, all);
      const certain = applyAll(
        base,
        all.filter((_, index) => isCertain(index)),
      );
      // The bytes without the new length, or the length without the bytes.
      if (random() < 0.5) return Buffer.from(whole.subarray(0, Math.min(whole.length, certain.length)));
      const empty = Buffer.alloc(whole.length);
      certain.copy(empty, 0, 0, Math.min(certain.length, empty.length));
      return empty;
    }
  }
}

/** The pieces of a write that lie in the sectors that reached the disk. */
function tear(change: Extract<Change, { kind: 'write' }>, sectorBytes: number, random: () => number, keepOf: number): Change[] {
  const pieces: Change[] = [];
  const end = change.at + change.bytes.length;
  for (let from = change.at; from < end;) {
    const until = Math.min(end, (Math.floor(from / sectorBytes) + 1) * sectorBytes);
    if (random() < keepOf) pieces.push({ ...change, at: from, bytes: change.bytes.subarray(from - change.at, until - change.at) });
    from = until;
  }
  return pieces;
}

function applyAll(base: Buffer, changes: readonly Change[]): Buffer {
  let sizeBytes = base.length;
  let largest = base.length;
  for (const change of changes) {
    sizeBytes = change.kind === 'size' ? change.sizeBytes : Math.max(sizeBytes, change.at + change.bytes.length);
    largest = Math.max(largest, sizeBytes);
  }
  const bytes = Buffer.alloc(largest);
  base.copy(bytes);
  let size = base.length;
  for (const change of changes) {
    if (change.kind === 'write') {
      change.bytes.copy(bytes, change.at);
      size = Math.max(size, change.at + change.bytes.length);
    } else {
      if (change.sizeBytes < size) bytes.fill(0, change.sizeBytes, size);
      size = change.sizeBytes;
    }
  }
  return bytes.subarray(0, size);
}
