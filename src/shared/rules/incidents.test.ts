import { describe, expect, it } from 'vitest';
import { findText } from '../language/catalogues/index.ts';
import { languages } from '../language/language.ts';
import { decideIncidentStory, incidentIdOf, incidentKinds, type IncidentFacts, type IncidentParams } from './incidents.ts';

const rich: IncidentParams = {
  ...{ acts: 9, drafts: 1, queued: 2, tornWrite: 1, openedAtMs: 1, lastAtMs: 2, times: 3, row: 5 },
  ...{
    copyAtMs: 1,
    recovered: 3,
    toSend: 1,
    badPages: 1,
    auditAside: 1,
    auditLost: 1,
    lost: 1,
    reconciled: 1,
    known: 4,
    unknownHere: 1,
    settled: 1,
  },
  ...{ n: 7, open: 1, answered: 6, different: 1, byMs: 5, shownAtMs: 6, code: 'DESK_FORK' },
};
const all = incidentKinds.flatMap((kind) =>
  [true, false].flatMap((isHere) => [{}, rich].map((params): IncidentFacts => ({ kind, isHere, params }))),
);
const keysOf = (facts: IncidentFacts): string[] => {
  const { what, kept, next } = decideIncidentStory(facts);
  return [...what, ...kept, ...next].map(({ key }) => key);
};

describe('the story of an incident', () => {
  it('has all three parts, each with words in every language', () => {
    for (const facts of all) {
      const story = decideIncidentStory(facts);
      for (const part of [story.what, story.kept, story.next]) expect(part.length, facts.kind).toBeGreaterThan(0);
      for (const language of languages)
        for (const key of keysOf(facts)) expect(findText(language, `incidents.${key}`), `${language} ${key}`).toBeDefined();
    }
  });

  it('fills every gap of its sentences for its own desk', () => {
    const known = new Set([...Object.keys(rich).map((name) => name.replace(/Ms$/u, '')), 'desk']);
    for (const facts of all)
      for (const key of keysOf(facts))
        for (const [, gap] of (findText('az', `incidents.${key}`) ?? '').matchAll(/\{\{(\w+)\}\}/gu)) expect(known).toContain(gap);
  });

  it('fault 25: of two computers under one name only the refused one is told that it was stopped', () => {
    const of = (isHere: boolean, params: IncidentParams) => keysOf({ kind: 'cloned', isHere, params })[0];
    expect(of(true, { code: 'DESK_FORK', queued: 1 })).toBe('cloned.what');
    expect(of(true, { times: 1 })).toBe('cloned.whatCopy');
    expect(of(false, { times: 1 })).toBe('cloned.whatThere');
  });

  it('says "nothing is lost" only when nothing is', () => {
    expect(keysOf({ kind: 'damaged', isHere: true, params: { lost: 0 } })).toContain('restored.nothingLost');
    const lossy = keysOf({ kind: 'damaged', isHere: true, params: { lost: 2 } });
    expect(lossy).toContain('restored.lost');
    expect(lossy).toContain('restored.nextLost');
    expect(lossy).not.toContain('restored.nothingLost');
  });

  it('is known by one name on both sides, short enough for the longest desk', () => {
    expect(incidentIdOf('cloned', 'baki-1-01', 2)).toBe('cloned/baki-1-01/2');
    expect(incidentIdOf('clock_off', 'x'.repeat(60), 20_261_122).length).toBeLessThanOrEqual(80);
  });
});
