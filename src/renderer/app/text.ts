import i18next from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import { catalogues, findText, type CatalogueKey } from '../../shared/language/catalogues/index.ts';
import { languages, type Language } from '../../shared/language/language.ts';

/**
 * The only way to words. Keys are those of the catalogues; the language changes without a restart and is remembered on this machine.
 * Formatting of dates, numbers and durations is in `format.ts`, never in i18next.
 */
export type TextKey = CatalogueKey;
export type TextParams = Readonly<Record<string, string | number>>;
const storageKey = 'qeyd.language';

function rememberedLanguage(): Language {
  const stored = localStorage.getItem(storageKey);
  return languages.find((language) => language === stored) ?? 'az';
}

export async function startTexts(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: rememberedLanguage(),
    fallbackLng: 'az',
    resources: Object.fromEntries(languages.map((language) => [language, { translation: catalogues[language] }])),
    keySeparator: false,
    nsSeparator: false,
    // React shows text as text; escaping here would show it twice.
    interpolation: { escapeValue: false },
    initAsync: false,
  });
  applyLanguage(i18next.language as Language);
}

function applyLanguage(language: Language): void {
  document.documentElement.lang = language;
}

export async function changeLanguage(language: Language): Promise<void> {
  localStorage.setItem(storageKey, language);
  await i18next.changeLanguage(language);
  applyLanguage(language);
}

export interface Texts {
  readonly language: Language;
  readonly t: (key: TextKey, params?: TextParams) => string;
  /** The text under a key made at run time; `fallback` (the bare code) when there is none. */
  readonly find: (key: string, params?: TextParams, fallback?: string) => string;
}

export function textsOf(language: Language): Texts {
  const t = i18next.getFixedT(language);
  return {
    language,
    t: (key, params) => t(key, params ?? {}),
    find: (key, params, fallback) => (findText(language, key) === undefined ? (fallback ?? key) : t(key, params ?? {})),
  };
}

export function useTexts(): Texts {
  const { i18n } = useTranslation();
  return textsOf(i18n.language as Language);
}

/** A title says the page, never a person. */
export function setTitle(text: string): void {
  document.title = `${text} · Qeyd`;
}
