import type { Language } from '../language.ts';
import { az } from './az.ts';
import { en } from './en.ts';
import { ru } from './ru.ts';

/** A key of a text, such as `messages.M-01`, `states.DRAFT`, `terms.category.K1`. */
export type CatalogueKey = keyof typeof az;

/** All texts of one language; exactly the keys of the Azerbaijani one. */
export type Catalogue = Readonly<Record<CatalogueKey, string>>;

/** The catalogues of all languages. English and Russian do not compile with a key too few or too many. */
export const catalogues: Readonly<Record<Language, Catalogue>> = {
  az,
  en: en satisfies SameKeys<typeof en>,
  ru: ru satisfies SameKeys<typeof ru>,
};

/** The text under a key that was put together at run time, such as a state's; undefined when there is none. */
export function findText(language: Language, key: string): string | undefined {
  return Object.hasOwn(catalogues[language], key) ? catalogues[language][key as CatalogueKey] : undefined;
}

/** The values `{{name}}` that a text wants, in the order in which they stand. */
export function listPlaceholders(text: string): string[] {
  return [...text.matchAll(/\{\{([^{}]+)\}\}/gu)].map((match) => (match[1] ?? '').trim());
}

type SameKeys<Texts> = Catalogue & Readonly<Record<Exclude<keyof Texts, CatalogueKey>, never>>;
