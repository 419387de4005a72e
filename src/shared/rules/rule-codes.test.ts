import { describe, expect, it } from 'vitest';
import { fieldCodes, messageCodes, refusalRuleCodes, stepReasonCodes } from './rule-codes.ts';

describe('codes', () => {
  it('stand in one list each, once', () => {
    const all = [...messageCodes, ...refusalRuleCodes, ...fieldCodes, ...stepReasonCodes];
    expect(new Set(all).size).toBe(all.length);
  });
});
