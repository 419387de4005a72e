import { NativeSelect } from '@mantine/core';
import { languages, type Language } from '../../shared/language/language.ts';
import { changeLanguage, useTexts } from './text.ts';

/** Each language by its own name, the same in every language, so that whoever reads it finds it. */
const ownNames: Readonly<Record<Language, string>> = { az: 'Azərbaycanca', en: 'English', ru: 'Русский' };

/** Changes the language of the screen at once, without a restart. */
export function LanguageChoice() {
  const { t, language } = useTexts();
  return (
    <NativeSelect
      aria-label={t('frame.language')}
      value={language}
      data={languages.map((value) => ({ value, label: ownNames[value] }))}
      onChange={(event) => {
        const chosen = languages.find((one) => one === event.currentTarget.value);
        if (chosen !== undefined) void changeLanguage(chosen);
      }}
    />
  );
}
