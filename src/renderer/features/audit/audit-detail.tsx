import { sayAct, sayAnswer } from '../../app/say.ts';
import type { Texts } from '../../app/text.ts';

type Detail = Readonly<Record<string, string | number | boolean>>;
interface Part {
  readonly key: string;
  readonly name: string;
  readonly value: string;
  readonly isNamed: boolean;
  readonly isWord: boolean;
}

/** Where the word for a value is looked for, first found first; an act or an answer has its own sentence. */
const areasOfKeys: Readonly<Record<string, readonly string[]>> = {
  role: ['terms.role.'],
  from: ['terms.role.'],
  to: ['terms.role.'],
  reason: ['audit.value.', 'case.refusal.', 'reasons.'],
  state: ['states.'],
  kind: ['form.lookUp.'],
  outcome: ['form.outcome.'],
  category: ['terms.category.'],
  documentKind: ['terms.identityDocument.'],
  document: ['terms.document.', 'scan.document.'],
  form: ['paper.form.'],
  field: ['form.label.', 'form.label.person.'],
};

function wordOf(texts: Texts, name: string, value: string | number | boolean): string | undefined {
  if (typeof value === 'number') return String(value);
  for (const area of areasOfKeys[name] ?? ['audit.value.']) {
    const word = texts.find(`${area}${String(value)}`, {}, '');
    if (word !== '') return word;
  }
  if (typeof value === 'boolean') return texts.find(`audit.value.${String(value)}`);
  if (name === 'kind' && sayAct(texts, value) !== value) return sayAct(texts, value);
  return (name === 'code' || name === 'answer') && /^[A-Z]/u.test(value) ? sayAnswer(texts, value) : undefined;
}

function partsOf(texts: Texts, detail: Detail): Part[] {
  return Object.entries(detail).map(([name, value]) => {
    const label = texts.find(`audit.key.${name}`, {}, '');
    const word = wordOf(texts, name, value);
    return {
      key: name,
      name: label === '' ? name : label,
      value: word ?? String(value),
      isNamed: label !== '',
      isWord: word !== undefined,
    };
  });
}

/** The detail of a row in words, for filter and tooltip. */
export function detailText(texts: Texts, detail: Detail): string {
  return partsOf(texts, detail)
    .map(({ name, value }) => `${name}: ${value}`)
    .join(', ');
}

/** What has a word is said in words; numbers of papers and codes without one stand as they are, of a hash its beginning (the tooltip has it whole). */
export function AuditDetail({ texts, detail }: { readonly texts: Texts; readonly detail: Detail }) {
  return (
    <span title={detailText(texts, detail)}>
      {partsOf(texts, detail).map(({ key, name, value, isNamed, isWord }, index) => (
        <span key={key}>
          {index > 0 && ', '}
          <span className={isNamed ? 'quiet' : 'mono small quiet'}>{name}:</span>{' '}
          <span className={isWord ? '' : 'mono small'}>{/^[0-9a-f]{64}$/u.test(value) ? `${value.slice(0, 12)}…` : value}</span>
        </span>
      ))}
    </span>
  );
}
