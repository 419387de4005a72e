import { findClassOfAnswer, textIdOfClass } from '../../shared/rules/sync-answers.ts';
import type { Failure } from '../desk-client/index.ts';
import { formatDate } from './format.ts';
import type { TextParams, Texts } from './text.ts';

/** Where the word for a value of a placeholder is looked for, first found first. */
const wordAreas: Readonly<Record<string, readonly string[]>> = {
  siyahı: ['terms.document.'],
  sənəd: ['terms.document.'],
  document: ['terms.document.'],
  tip: ['terms.serviceType.'],
  tələb: ['form.demand.'],
  kind: ['terms.certificate.', 'terms.identityDocument.'],
  category: ['terms.category.'],
  bodyKind: ['form.bodyKind.'],
  standing: ['form.standing.'],
  form: ['paper.form.'],
  səbəb: ['case.provider.', 'reasons.', 'fields.', 'checks.', 'errors.', 'form.label.'],
  status: ['states.'],
  field: ['form.label.'],
};

/** Rules give codes and civil dates; sentences want words. */
function inWords(texts: Texts, params: TextParams): TextParams {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]): [string, string | number] => {
      if (typeof value === 'number') return [name, value];
      if (/^\d{4}-\d{2}-\d{2}$/u.test(value)) return [name, formatDate(value)];
      const words = value.split(/,\s*/u).map((code) => wordFor(texts, wordAreas[name] ?? [], code));
      return [name, words.join(', ')];
    }),
  );
}

function wordFor(texts: Texts, areas: readonly string[], code: string): string {
  for (const area of areas) {
    const word = texts.find(area + code, {}, '');
    if (word !== '') return word;
  }
  return code;
}

const areasOfCodes = ['messages.', 'errors.', 'fields.', 'checks.', 'reasons.'];

/** The sentence for any code of the contract, of a rule or of the procedure specification. */
export function sayCode(texts: Texts, code: string, params: TextParams = {}): string {
  const sentence = findSentence(texts, code, params);
  if (sentence === undefined) return texts.t('errors.unknownCode', { code });
  return [sentence, ...listDetails(texts, params)].join(' ');
}

function findSentence(texts: Texts, code: string, params: TextParams): string | undefined {
  const words = inWords(texts, params);
  for (const area of areasOfCodes) {
    const sentence = texts.find(area + code, words, '');
    if (sentence !== '') return sentence;
  }
  return undefined;
}

/** A general failure (FIELDS_INVALID, STEP_NOT_POSSIBLE, REGISTRY_REJECTED) carries the code of its cause and the field it is about. */
function listDetails(texts: Texts, params: TextParams): string[] {
  const causes = [params['reason'], params['code']].flatMap((cause) => {
    const sentence = typeof cause === 'string' && /^[A-Z][A-Z0-9_-]+$/u.test(cause) ? findSentence(texts, cause, params) : undefined;
    return sentence === undefined ? [] : [sentence];
  });
  const field = typeof params['field'] === 'string' ? texts.find(`form.label.${params['field']}`, {}, '') : '';
  return field === '' ? causes : causes.map((cause) => `${field}: ${cause}`);
}

export function sayFailure(texts: Texts, failure: Failure): string {
  const sentence = sayCode(texts, failure.code, failure.params);
  return failure.incidentId === undefined ? sentence : `${sentence} ${texts.t('errors.incident', { id: failure.incidentId })}`;
}

/** The name of an act in the timeline, the queue, the register and the journal. */
export function sayAct(texts: Texts, act: string): string {
  const plain = act.replace(/[A-Z]/gu, (letter) => `_${letter.toLowerCase()}`);
  return texts.find(`acts.${act}`, {}, texts.find(`acts.${plain}`, {}, act));
}

/** Why a paper is void: what the program found, in words, or what a person wrote. */
export function sayPaperReason(texts: Texts, reason: string): string {
  return texts.find(`paper.reason.${reason}`, {}, reason);
}

/** Only the code came: what a sentence would say in brackets is not known then. */
function withoutGaps(sentence: string): string {
  return sentence.replace(/\s*\([^()]*\{\{[^()]*\)/gu, '');
}

/** What the registry or the way to it answered last. */
export function sayAnswer(texts: Texts, code: string): string {
  const known =
    texts.find(`sync.answer.${code}`, {}, '') || withoutGaps(findSentence(texts, code, {}) ?? '') || sayAnswerClass(texts, code);
  return known === '' ? texts.t('sync.answerCode', { code }) : known;
}

/** What such an answer means to whoever waits: what happened, what was not lost, what to do next; empty when the code says it all. */
export function sayAnswerClass(texts: Texts, code: string): string {
  const found = findClassOfAnswer(code);
  return found === undefined ? '' : texts.t(textIdOfClass(found));
}
