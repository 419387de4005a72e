import { foldForSearch, listSearchForms } from '../../../shared/language/normalise.ts';
import type { ApplicationData } from '../../../shared/rules/application-data.ts';
import { withNormalisedFields } from '../../../shared/rules/look-up-queries.ts';

/**
 * Terms under which a case is found, each with a letter that says what it is: name, FİN, phone, ICCID, contract number, serial. A name is kept in
 * five orders, so that surname or given name with whatever word after it, and the father's name, is the beginning of one term; with both Latin
 * spellings of ə.
 */
export function searchTermsOf(
  data: ApplicationData,
  extra: { readonly contractNumber: string; readonly serials: readonly string[] },
): string[] {
  const { person, carrier } = withNormalisedFields(data);
  const { surname, givenName, fatherName } = person;
  const orders = [
    [surname, givenName, fatherName],
    [surname, fatherName, givenName],
    [givenName, surname, fatherName],
    [givenName, fatherName, surname],
    // The father's name alone finds too; together with another word the orders above do.
    ...(fatherName === '' ? [] : [[fatherName, surname, givenName]]),
  ];
  const names = orders.flatMap((order) => listSearchForms(order.join(' '))).map(onlyWords);
  return [
    ...new Set(names.filter((name) => name !== '').map((name) => `n:${name}`)),
    ...codeTerm('f', person.fin),
    ...codeTerm('p', digitsOf(carrier.phone)),
    ...codeTerm('i', carrier.iccid),
    ...codeTerm('c', extra.contractNumber),
    ...extra.serials.flatMap((serial) => codeTerm('s', serial)),
  ];
}

/** What may be meant by the text that was typed: ranges to look in, the likeliest first. One or two prefixes that one case must meet. */
export function listSearchPlans(text: string): (readonly [string] | readonly [string, string])[] {
  const plans: (readonly [string] | readonly [string, string])[] = [];
  const code = text.replace(/[\s()-]+/gu, '').toUpperCase();
  const digits = digitsOf(text);
  if (/^[0-9A-Z]{3,7}$/u.test(code)) plans.push([`f:${code}`]);
  if (digits.length >= 5 && digits.length === code.replace('+', '').length) plans.push([`p:${withCountry(digits)}`], [`i:${digits}`]);
  if (/^[0-9A-F]{8,40}$/u.test(code)) plans.push([`s:${code}`]);
  if (/\d/u.test(text)) plans.push([`c:${code}`]);
  const words = onlyWords(foldForSearch(text))
    .split(' ')
    .filter((word) => word !== '');
  const [first, ...rest] = words;
  if (first === undefined || /^\d+$/u.test(first)) return plans;
  plans.push([`n:${words.join(' ')}`]);
  const last = rest.at(-1);
  if (last !== undefined) plans.push([`n:${first}`, `n:${last}`], [`n:${last}`, `n:${first}`]);
  return plans;
}

function onlyWords(folded: string): string {
  return folded.replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
}

function digitsOf(text: string): string {
  return text.replace(/\D+/gu, '');
}

/** 050… and 50… are found like +994 50…. */
function withCountry(digits: string): string {
  if (digits.startsWith('994')) return digits;
  return `994${digits.startsWith('0') ? digits.slice(1) : digits}`;
}

function codeTerm(letter: string, code: string): string[] {
  const trimmed = code.replace(/[\s-]+/gu, '').toUpperCase();
  return trimmed === '' ? [] : [`${letter}:${trimmed}`];
}
