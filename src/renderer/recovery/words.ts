import { errors as azErrors } from '../../shared/language/catalogues/az/errors.ts';
import { recovery as azRecovery } from '../../shared/language/catalogues/az/recovery.ts';
import { storage as azStorage } from '../../shared/language/catalogues/az/storage.ts';
import { errors as enErrors } from '../../shared/language/catalogues/en/errors.ts';
import { recovery as enRecovery } from '../../shared/language/catalogues/en/recovery.ts';
import { storage as enStorage } from '../../shared/language/catalogues/en/storage.ts';
import { errors as ruErrors } from '../../shared/language/catalogues/ru/errors.ts';
import { recovery as ruRecovery } from '../../shared/language/catalogues/ru/recovery.ts';
import { storage as ruStorage } from '../../shared/language/catalogues/ru/storage.ts';
import type { KeyReturned, RecoveryCounts } from '../../shared/contract/recovery.ts';
import { formatDateTime } from '../../shared/language/dates.ts';
import { languages, type Language } from '../../shared/language/language.ts';

/** The few words of this page in each language: it must work when the rest of the screen does not. */
const words = {
  az: { ...azErrors, ...azStorage, ...azRecovery },
  en: { ...enErrors, ...enStorage, ...enRecovery },
  ru: { ...ruErrors, ...ruStorage, ...ruRecovery },
} as const satisfies Record<Language, Readonly<Record<string, string>>>;
export type WordKey = keyof (typeof words)['az'];

export type Say = (key: WordKey, values?: Readonly<Record<string, string | number>>) => string;

/** The language the screen was last used in, else Azerbaijani. */
export function chooseLanguage(remembered: string | null): Language {
  return languages.find((language) => language === remembered) ?? 'az';
}

export function sayIn(language: Language): Say {
  return (key, values = {}) => words[language][key].replace(/\{\{(\w+)\}\}/gu, (_, name: string) => String(values[name] ?? ''));
}

/** The sentence of a refusal; a code without one is said as a failed restore. */
export function sayRefusal(say: Say, language: Language, code: string): string {
  return code in words[language] ? say(code as WordKey) : say('failed', { code });
}

/** What a restoration came to and what to do next, a sentence a line. */
export function listOutcome(say: Say, counts: RecoveryCounts): string[] {
  const { backupAtMs, actsRecovered, actsToSend, actsLost, auditAside, auditLost } = counts;
  return [
    backupAtMs === null ? say('restored.noCopy') : say('restored.from', { at: formatDateTime(backupAtMs) }),
    say('restored.recovered', { n: actsRecovered }),
    say('restored.toSend', { n: actsToSend }),
    actsLost === 0 ? say('restored.nothingLost') : say('restored.lost', { n: actsLost }),
    ...(auditAside === 0 ? [] : [say('restored.auditAside', { n: auditAside })]),
    ...(auditLost === 0 ? [] : [say('restored.auditLost', { n: auditLost })]),
    say('restored.waiting'),
    say('restored.kept'),
  ];
}

/** Who brought the key back, by which number, and what follows. */
export function listKeyOutcome(say: Say, returned: KeyReturned): string[] {
  const { firstLogin, secondLogin, checkNumber, recordedAtMs } = returned;
  return [say('keyDoneBy', { firstLogin, secondLogin, checkNumber, at: formatDateTime(recordedAtMs) }), say('keyDoneNext')];
}
