import { describe, expect, it } from 'vitest';
import { loadScript } from './load-script.ts';

interface RequirementIds {
  readDefinedIds(text?: string): Set<string>;
  findIds(name: string, defined: Set<string>): string[];
  findBadNames(names: readonly string[], defined: Set<string>): string[];
  mapIdsToNames(names: readonly string[], defined: Set<string>): Map<string, string[]>;
}

const { readDefinedIds, findIds, findBadNames, mapIdsToNames } = await loadScript<RequirementIds>('lib/requirement-ids.mjs');
const defined = readDefinedIds();
/** Written in two parts, so that the name of this very test carries none of them. */
const id = (family: string, number: string): string => `${family}-${number}`;

describe('requirement ids', () => {
  it('are read from the definitions of the specification, in its order', () => {
    const ids = [...defined];
    expect(ids.length).toBeGreaterThan(600);
    expect(ids.indexOf(id('SIM', '01'))).toBeLessThan(ids.indexOf(id('SIM', '20')));
    for (const one of [
      'K1b',
      id('POA', 'R1'),
      id('REV', 'G10'),
      id('CT', 'AUT'),
      id('CAR', 'SIM'),
      ['Əlavə', 18].join(' '),
      id('M', '45'),
      id('C', '64'),
    ])
      expect(ids).toContain(one);
  });

  it('named only as an example are not defined', () => {
    expect(defined.has(id('REV', '12'))).toBe(false);
  });

  it('are found in a name, and names of standards are not ids', () => {
    expect(findIds(`${id('SIM', '07')} ${id('COM', '04')}: hashed with SHA-256 as UTF-8 for K1b`, defined)).toEqual([
      id('SIM', '07'),
      id('COM', '04'),
      'K1b',
    ]);
  });

  it.each([
    ['four ids', ['01', '02', '03', '04'].map((n) => id('SIM', n)).join(', '), 'at most three'],
    ['a range with dots', `${id('SIM', '01')} … ${id('SIM', '20')}`, 'carries a range'],
    ['a range with a dash', `${id('SIM', '01')}–05`, 'carries a range'],
    ['a range in words', `${id('T', '01')} to ${id('T', '05')}`, 'carries a range'],
    ['an id nobody defined', `${id('M', '46')}: said`, 'does not define'],
  ])('%s in one name is refused', (_what, name, words) => {
    expect(findBadNames([name], defined).join('\n')).toContain(words);
  });

  it('three ids in one name are allowed', () => {
    expect(findBadNames([['01', '02', '03'].map((n) => id('SIM', n)).join(' ')], defined)).toEqual([]);
  });

  it('without a test are listed too', () => {
    const map = mapIdsToNames([`${id('SIM', '07')}: saved`], defined);
    expect(map.get(id('SIM', '07'))).toEqual([`${id('SIM', '07')}: saved`]);
    expect(map.get(id('SIM', '08'))).toEqual([]);
    expect(map.size).toBe(defined.size);
  });
});
