import { describe, expect, it } from 'vitest';
import { catalogues } from '../shared/language/catalogues/index.ts';
import { bindingOf, comboForPeople, comboOf, commandIds } from './keys.ts';

const event = (code: string, key: string, held: Partial<Record<'ctrlKey' | 'altKey' | 'shiftKey', boolean>> = {}) => ({
  code,
  key,
  ctrlKey: false,
  altKey: false,
  shiftKey: false,
  metaKey: false,
  ...held,
});

describe('keys', () => {
  it('gives no combination two meanings on one page', () => {
    const taken = new Map<string, string>();
    for (const id of commandIds) {
      const { area, combo } = bindingOf(id);
      for (const place of [area, 'everywhere']) {
        const other = taken.get(`${place} ${combo}`);
        expect(other, `${id} and ${other ?? ''} on ${combo}`).toBeUndefined();
      }
      taken.set(`${area} ${combo}`, id);
    }
  });

  it('has a name for every command', () => {
    for (const id of commandIds) expect(catalogues.az[`keys.${id}`]).not.toBe('');
  });

  it('knows a letter by its place, so that a Cyrillic layout locks too', () => {
    expect(comboOf(event('KeyL', 'д', { ctrlKey: true }))).toBe('Control+KeyL');
    expect(comboOf(event('F8', 'F8', { shiftKey: true }))).toBe('Shift+F8');
    expect(comboOf(event('Enter', 'Enter', { ctrlKey: true }))).toBe('Control+Enter');
  });

  it('writes combinations for people', () => {
    expect(comboForPeople('Control+KeyK')).toBe('Ctrl+K');
    expect(comboForPeople('Alt+Digit3')).toBe('Alt+3');
    expect(comboForPeople('Slash')).toBe('/');
  });
});
