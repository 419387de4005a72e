import { describe, expect, it } from 'vitest';
import { describeStartFailure } from '../../shared/language/start-failures.ts';
import { readFailure } from './failure-address.ts';

describe('the address of the recovery page', () => {
  it('carries the code and the values of its sentence', () => {
    const failure = readFailure('#code=CONFIG_INCOMPLETE&gaps=registry.caPath');
    expect(failure).toEqual({ code: 'CONFIG_INCOMPLETE', params: { gaps: 'registry.caPath' } });
    expect(describeStartFailure(failure)).toContain('registry.caPath');
  });

  it('without a code means that the core went away', () => {
    expect(readFailure('').code).toBe('CORE_CRASHED');
  });
});
