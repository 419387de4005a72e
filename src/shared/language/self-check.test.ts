import { describe, expect, it } from 'vitest';
import { languageSelfCheck, listBroken } from './self-check.ts';

describe('languageSelfCheck', () => {
  it('finds nothing broken in this engine', () => {
    expect(languageSelfCheck()).toEqual([]);
  });

  it('names what is broken, also when it throws', () => {
    const fail = () => {
      throw new RangeError('personal');
    };
    expect(
      listBroken([
        { what: 'order', expected: 'a b', actual: () => 'b a' },
        { what: 'case', expected: 'İ', actual: () => 'İ' },
        { what: 'date', expected: '1', actual: fail },
      ]),
    ).toEqual(['order: expected "a b", found "b a"', 'date: expected "1", found "RangeError"']);
  });
});
