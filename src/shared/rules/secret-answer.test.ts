import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  findSecretAnswerProblem,
  foldSecretAnswer,
  maxSecretAnswerLength,
  minSecretAnswerLength,
  secretQuestionKeys,
} from './secret-answer.ts';

describe('the secret answer', () => {
  it.each([
    ['Bakı', 'baki'],
    ['BAKI', 'baki'],
    ['  Əliyeva   Nigar ', 'eliyeva nigar'],
    ['İsmayıl', 'ismayil'],
    ['Şəki şəhəri.', 'seki seheri'],
    ['«Köhnə» ev!', 'kohne» ev'],
    ['17-ci məktəb', '17-ci mekteb'],
    ['««Köhnə ev»»', 'kohne ev'],
    ['...', ''],
  ])('"%s" is compared as "%s"', (typed, folded) => {
    expect(foldSecretAnswer(typed)).toBe(folded);
  });

  it('letter case and spaces never make another answer', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'abcçdeəfgğhxıijkqlmnoöprsştuüvyz ABCÇDEƏFGĞHXIİJK09.') }), (text) => {
        const folded = foldSecretAnswer(text);
        expect(foldSecretAnswer(folded)).toBe(folded);
        expect(foldSecretAnswer(`  ${text} `)).toBe(folded);
        expect(foldSecretAnswer(text.replaceAll(' ', '   '))).toBe(folded);
      }),
    );
  });

  it('an answer has at least three letters or digits and at most two hundred characters', () => {
    expect([minSecretAnswerLength, maxSecretAnswerLength]).toEqual([3, 200]);
    expect(findSecretAnswerProblem('')).toBe('REQUIRED');
    expect(findSecretAnswerProblem(' .. ')).toBe('REQUIRED');
    expect(findSecretAnswerProblem('ab')).toBe('SECRET_TOO_SHORT');
    expect(findSecretAnswerProblem('a b')).toBe('SECRET_TOO_SHORT');
    expect(findSecretAnswerProblem('a b c')).toBeNull();
    expect(findSecretAnswerProblem('abc')).toBeNull();
    expect(findSecretAnswerProblem('a'.repeat(200))).toBeNull();
    expect(findSecretAnswerProblem('a'.repeat(201))).toBe('TOO_LONG');
  });

  it('offers different questions', () => {
    expect(secretQuestionKeys.length).toBeGreaterThanOrEqual(5);
    expect(new Set(secretQuestionKeys).size).toBe(secretQuestionKeys.length);
    for (const key of secretQuestionKeys) expect(key).toMatch(/^[a-z_]+$/u);
  });
});
