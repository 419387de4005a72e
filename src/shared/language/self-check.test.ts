import { describe, expect, it } from 'vitest';
import { languageSelfCheck } from './self-check.ts';

describe('languageSelfCheck', () => {
  it('finds nothing broken in this engine', () => {
    expect(languageSelfCheck()).toEqual([]);
  });
});
