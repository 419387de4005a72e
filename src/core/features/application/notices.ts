import { errorCodes, type Notice } from '../../../shared/contract/base.ts';
import { messageCodes, refusalRuleCodes } from '../../../shared/rules/rule-codes.ts';

/** Names of values on the wire and the placeholders that the sentences of procedures.md §15 have for them. */
const placeholderOf: Readonly<Record<string, string>> = {
  reason: 'səbəb',
  on: 'tarix',
  serviceType: 'tip',
  system: 'sistem',
  document: 'sənəd',
};
/** Codes that have a sentence. */
const knownCodes: ReadonlySet<string> = new Set([...Object.keys(errorCodes), ...messageCodes, ...refusalRuleCodes]);

/** A message with its values under both names: the registry speaks the wire's, the sentences the specification's. */
export function noticeOf(code: string, params: Readonly<Record<string, string | number>>): Notice {
  const named: Record<string, string | number> = { ...params };
  for (const [name, value] of Object.entries(params)) {
    const placeholder = placeholderOf[name];
    if (placeholder !== undefined) named[placeholder] ??= value;
  }
  return { code, params: named };
}

/** A refusal of the registry; one in a code of its own is said as such, with the code for support. */
export function registryNotice(code: string, params: Readonly<Record<string, string | number>>): Notice {
  return knownCodes.has(code) ? noticeOf(code, params) : { code: 'REGISTRY_REJECTED', params: { ...params, code } };
}
