import { describe, expect, it } from 'vitest';
import { languages } from '../language.ts';
import { catalogues, findText, listPlaceholders } from './index.ts';

const keys = Object.keys(catalogues.az);

describe('catalogues', () => {
  it.each(languages)('has exactly the Azerbaijani keys in %s', (language) => {
    expect(Object.keys(catalogues[language]).sort()).toEqual([...keys].sort());
  });

  it.each(languages)('has the same values in each text in %s', (language) => {
    const differing = Object.entries(catalogues[language]).filter(
      ([key, text]) =>
        listPlaceholders(text).sort().join() !==
        listPlaceholders(findText('az', key) ?? '')
          .sort()
          .join(),
    );
    expect(differing).toEqual([]);
  });

  it.each(languages)('has no empty, untrimmed, excited or wrongly composed text in %s', (language) => {
    const wrong = Object.entries(catalogues[language]).filter(
      ([, text]) =>
        text === '' || text !== text.trim() || text.includes('!') || text !== text.normalize('NFC') || /[\u01dd\u04d9\u018e]/u.test(text),
    );
    expect(wrong).toEqual([]);
  });

  it('has no Cyrillic in Azerbaijani and English, and no Azerbaijani letters of its own in English sentences but names', () => {
    const cyrillic = [...Object.values(catalogues.az), ...Object.values(catalogues.en)].filter((text) => /\p{Script=Cyrillic}/u.test(text));
    expect(cyrillic).toEqual([]);
  });

  it('finds texts under flat keys', () => {
    expect(findText('az', 'states.DRAFT')).toBe('Qaralama');
    expect(findText('en', 'terms.category.K1')).toBe('Individual');
    expect(findText('ru', 'terms.role.supervisor')).toBe('Контролёр');
    expect(findText('az', 'messages.M-46')).toBeUndefined();
    expect(findText('az', 'toString')).toBeUndefined();
  });

  it('lists the values of a text', () => {
    expect(listPlaceholders('{{kart}} / {{ sistem }}')).toEqual(['kart', 'sistem']);
    expect(listPlaceholders('{n}')).toEqual([]);
  });
});
