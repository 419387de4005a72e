import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  applicationStates,
  categories,
  certificateKinds,
  certificateStates,
  documentCodes,
  identityDocumentKinds,
  roles,
  syncWords,
} from '../../rules/vocabulary.ts';
import { catalogues, findText } from './index.ts';

const specification = readFileSync(new URL('../../../../docs/spec/procedures.md', import.meta.url), 'utf8');

/** The cells of every table row whose first cell has the form asked for. */
function rowsOf(section: string, firstCell: RegExp): string[][] {
  const from = specification.indexOf(`\n${section}`);
  const level = section.split(' ')[0] ?? '';
  const to = specification.indexOf(`\n${level} `, from + section.length);
  const lines = specification.slice(from, to < 0 ? undefined : to).split('\n');
  const cells = lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  return cells.filter(([first = '']) => firstCell.test(first));
}

const messageRows = rowsOf('## 15.', /^M-\d\d$/u);

describe('messages against the specification', () => {
  it('has all 45 messages and no other', () => {
    const ids = messageRows.map(([id = '']) => `messages.${id}`);
    expect(ids).toHaveLength(45);
    expect(Object.keys(catalogues.az).filter((key) => key.startsWith('messages.'))).toEqual(ids);
  });

  it.each(messageRows.map(([id = '', , text = '']) => [id, text] as const))('%s reads as the specification has it', (id, text) => {
    expect(findText('az', `messages.${id}`)).toBe(text.replaceAll('{', '{{').replaceAll('}', '}}'));
    expect(findText('en', `messages.${id}`)).toBeTruthy();
    expect(findText('ru', `messages.${id}`)).toBeTruthy();
  });
});

describe('labels against the specification', () => {
  it.each([
    ['application', '### 14.1', applicationStates],
    ['certificate', '### 14.2', certificateStates],
  ] as const)('quotes the label of every state of an %s', (_what, section, states) => {
    const quoted = new Map<string, string>();
    for (const [names = '', labels = ''] of rowsOf(section, /^[A-Z_]+(?:, [A-Z_]+)*$/u)) {
      const labelList = labels.split(', ');
      names.split(', ').forEach((name, index) => quoted.set(name, labelList[index] ?? labels));
    }
    for (const state of states) expect(findText('az', `states.${state}`), state).toBe(quoted.get(state));
  });

  it('quotes the Azerbaijani name of every applicant category', () => {
    const quoted = new Map(rowsOf('### 4.1', /^K\d+b?$/u).map(([code, , label]) => [code, label]));
    for (const category of categories) expect(findText('az', `terms.category.${category}`)).toBe(quoted.get(category));
  });

  it('has a label in every language for every name of the closed lists', () => {
    const wanted = [
      ...syncWords.map((word) => `states.sync.${word}`),
      ...certificateKinds.map((kind) => `terms.certificate.${kind}`),
      ...identityDocumentKinds.map((kind) => `terms.identityDocument.${kind}`),
      ...documentCodes.map((code) => `terms.document.${code}`),
      ...roles.map((role) => `terms.role.${role}`),
    ];
    expect(wanted.filter((key) => findText('az', key) === undefined)).toEqual([]);
  });
});
