/** A language of the screen. Azerbaijani is the language of record; the other two are translations. */
export type Language = 'az' | 'en' | 'ru';

/** The languages in the order in which they are offered. */
export const languages = ['az', 'en', 'ru'] as const satisfies readonly Language[];
