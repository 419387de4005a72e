import { describe, expect, it } from 'vitest';
import { lastCareMomentMs, listDueCare, nextCareMomentMs, type CareHistory } from './care-rules.ts';

/** Baku is four hours ahead of UTC: two at night there is 22:00 of the day before here. */
const at = (text: string): number => Date.parse(text);
const twoAtNightMs = at('2026-11-21T22:00:00Z');
const morningMs = at('2026-11-22T05:00:00Z');
const all = (atMs: number | null): CareHistory => ({ backupAtMs: atMs, checkAtMs: atMs, fullCheckAtMs: atMs, drillAtMs: atMs });

describe('the care of the storage', () => {
  it('is due every night at two, Baku time', () => {
    expect(lastCareMomentMs(morningMs)).toBe(twoAtNightMs);
    expect(lastCareMomentMs(at('2026-11-21T21:59:59Z'))).toBe(at('2026-11-20T22:00:00Z'));
    expect(nextCareMomentMs(morningMs)).toBe(at('2026-11-22T22:00:00Z'));
  });

  it('never done: everything, damage first', () => {
    expect(listDueCare(morningMs, all(null))).toEqual(['full_check', 'backup', 'drill']);
  });

  it('done after two is done', () => {
    expect(listDueCare(morningMs, all(twoAtNightMs + 1))).toEqual([]);
  });

  it('missed nights are caught up with one copy', () => {
    const history = { ...all(twoAtNightMs - 3 * 86_400_000), drillAtMs: morningMs - 1 };
    expect(listDueCare(morningMs, history)).toEqual(['check', 'backup']);
  });

  it('a clock set back ten years makes it due again', () => {
    expect(listDueCare(at('2016-11-22T05:00:00Z'), all(morningMs))).toEqual(['full_check', 'backup', 'drill']);
  });

  it('indexes are compared once a week, the copy is tried once a month', () => {
    const lately = twoAtNightMs + 1;
    expect(listDueCare(morningMs, { ...all(lately), fullCheckAtMs: lately - 8 * 86_400_000 })).toEqual(['full_check']);
    expect(listDueCare(morningMs, { ...all(lately), drillAtMs: lately - 31 * 86_400_000 })).toEqual(['drill']);
  });
});
