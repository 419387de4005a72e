// Requirement ids: which the specification defines, and which a test's name carries.
import { readFileSync } from 'node:fs';
import { at } from './paths.mjs';

const idShape = '(?:[A-Z]{1,3}-(?:[A-Z]{1,2})?\\d+|(?:CAR|CT)-[A-Z]{3}|K\\d+b?|Əlavə \\d+)';
const boundary = { before: '(?<![\\p{L}\\p{N}_-])', after: '(?![\\p{L}\\p{N}_])' };

/** Ids in the order the specification defines them: the first cell of a table row, or bold at its own definition. */
export function readDefinedIds(text = readFileSync(at('docs/spec/procedures.md'), 'utf8')) {
  const ids = new Set();
  const row = new RegExp(`^\\|\\s*(${idShape})\\s*\\|`, 'u');
  const bold = new RegExp(`\\*\\*(${idShape})(?![\\p{L}\\p{N}_-])`, 'gu');
  for (const line of text.split('\n')) {
    const first = row.exec(line)?.[1];
    if (first !== undefined) ids.add(first);
    for (const [, id] of line.matchAll(bold)) ids.add(id);
  }
  return ids;
}

/** `SIM-07` → `SIM`, `SUS-G1` → `SUS`, `K1b` → `K`, `Əlavə 5` → `Əlavə `. */
function familyOf(id) {
  return /^(\p{L}+?)(?:-|\d|\s)/u.exec(id)?.[1] ?? id;
}

/** Ids in a test's name that belong to a family the specification knows; `SHA-256` or `UTF-8` are not ids. @public */
export function findIds(name, defined) {
  const families = new Set([...defined].map(familyOf));
  const found = new Set();
  for (const [id] of name.matchAll(new RegExp(`${boundary.before}${idShape}${boundary.after}`, 'gu'))) {
    if (families.has(familyOf(id))) found.add(id);
  }
  return [...found];
}

/** Sentences about names that promise too much: more than three ids, a range, or an id nobody defined. */
export function findBadNames(names, defined) {
  const range = new RegExp(
    `${boundary.before}(${idShape})\\s*(?:…|\\.{2,3}|[–—]|-|to|until|through)\\s*(?:${idShape}|\\d+)${boundary.after}`,
    'gu',
  );
  const families = new Set([...defined].map(familyOf));
  return names.flatMap((name) => {
    const ids = findIds(name, defined);
    const problems = [];
    if (ids.length > 3) problems.push(`carries ${ids.length} ids, at most three are allowed`);
    for (const [text, first] of name.matchAll(range)) if (families.has(familyOf(first))) problems.push(`carries a range (${text})`);
    for (const id of ids) if (!defined.has(id)) problems.push(`carries ${id}, which the specification does not define`);
    return problems.map((problem) => `"${name}" ${problem}`);
  });
}

/** Every defined id with the names that carry it, in the specification's order. */
export function mapIdsToNames(names, defined) {
  const map = new Map([...defined].map((id) => [id, []]));
  for (const name of names) for (const id of findIds(name, defined)) map.get(id)?.push(name);
  return map;
}
