import { beforeAll, describe, expect, it } from 'vitest';
import { errorCodes } from '../../shared/contract/base.ts';
import { stepCodes } from '../../shared/rules/case-steps.ts';
import { findText } from '../../shared/language/catalogues/index.ts';
import { languages } from '../../shared/language/language.ts';
import { registerActs } from '../../shared/rules/day-register.ts';
import { nextActions } from '../../shared/rules/case-steps.ts';
import { refusalReasonCodes } from '../../shared/rules/refusal.ts';
import { fieldCodes, refusalRuleCodes, stepReasonCodes } from '../../shared/rules/rule-codes.ts';
import { sayAct, sayAnswer, sayCode, sayFailure, sayPaperReason } from './say.ts';
import { startTexts, textsOf } from './text.ts';

const listed: readonly (readonly [string, readonly string[]])[] = [
  ['errors.', Object.keys(errorCodes)],
  ['fields.', [...fieldCodes, ...refusalRuleCodes]],
  ['reasons.', stepReasonCodes],
  ['next.', nextActions],
  ['case.step.', stepCodes],
  ['case.refusal.', refusalReasonCodes],
  ['acts.', registerActs],
  ['paper.reason.', ['data_changed', 'printed_again', 'queue_failed']],
];

beforeAll(async () => {
  // The module remembers the language in the browser; here nothing is remembered.
  const empty = { getItem: () => null, setItem: () => undefined };
  Object.assign(globalThis, { localStorage: empty, document: { documentElement: { lang: '' } } });
  await startTexts();
});

describe('sentences', () => {
  it('has one in every language for every code that the screen may have to say', () => {
    for (const language of languages) {
      for (const [area, codes] of listed) {
        for (const code of codes) expect(findText(language, area + code), `${language} ${area}${code}`).toBeTruthy();
      }
    }
  });

  it('puts dates, documents and service types of a message into words', () => {
    const az = textsOf('az');
    expect(sayCode(az, 'M-02', { tarix: '2025-09-09' })).toContain('09.09.2025');
    expect(sayCode(az, 'M-03', { sənəd: 'D-05', tarix: '2025-01-02' })).toBe(
      'Etibarnamə (Əlavə 7) etibarlı deyil: müddəti 02.01.2025 tarixində bitib.',
    );
    expect(sayCode(az, 'M-11', { tip: 'business' })).toContain('(İş)');
  });

  it('says the cause of a general failure after it, with the name of the field', () => {
    const sentence = sayCode(textsOf('az'), 'FIELDS_INVALID', { field: 'person.fin', code: 'FIN_LENGTH' });
    expect(sentence).toContain('FİN: FİN-in uzunluğu düzgün deyil.');
    expect(sayCode(textsOf('en'), 'STEP_NOT_POSSIBLE', { reason: 'NOT_ACTIVATED' })).toContain('not active yet');
  });

  it('never shows a bare code: an unknown one stands in a sentence', () => {
    expect(sayCode(textsOf('az'), 'SOMETHING_NEW')).toContain('Yadda saxlanılanlar itməyib');
    expect(sayAnswer(textsOf('en'), 'HTTP_503')).toBe(
      'The registry could not be reached. No act is lost; the program tries again by itself.',
    );
    expect(sayAnswer(textsOf('az'), 'A_WORD_OF_TOMORROW')).toBe('Cavab kodu: A_WORD_OF_TOMORROW');
    expect(sayAnswer(textsOf('ru'), 'M-12')).toBe('Активировать не удалось. Обновите запрос ещё раз.');
    expect(sayAct(textsOf('az'), 'register.preparePaper')).toBe('Günün reyestri hazırlandı');
  });

  it('COM-08: says why the program voided a paper, and what a person wrote as it was written', () => {
    expect(sayPaperReason(textsOf('az'), 'data_changed')).toBe('məlumat dəyişib, sənəd yenidən hazırlanıb');
    expect(sayPaperReason(textsOf('ru'), 'Kağız ilişib')).toBe('Kağız ilişib');
  });

  it('tells the incident of a bug', () => {
    const failure = { code: 'INTERNAL', params: {}, isRetryable: false, incidentId: 'abc-1', kind: 'bug' } as const;
    expect(sayFailure(textsOf('az'), failure)).toContain('abc-1');
  });
});
