import { describe, expect, it } from 'vitest';
import { describeStartFailure } from './start-failures.ts';

describe('the sentence of a start failure', () => {
  it.each([
    'CONFIG_MISSING',
    'CONFIG_UNREADABLE',
    'CONFIG_INCOMPLETE',
    'BROWSER_SHELL_REFUSES_PRODUCTION',
    'DATABASE_NEWER',
    'DATABASE_KEY',
    'DATABASE_DAMAGED',
    'DATABASE_IN_USE',
    'DISK_FULL',
    'SECRET_MISSING',
    'SECRET_STORE_WEAK',
    'NODE_TOO_OLD',
    'CORE_CRASHED',
  ])('%s says what happened, what was not lost and what to do, without a placeholder left over', (code) => {
    const sentence = describeStartFailure({ code, params: { path: 'p', gaps: 'g', name: 'n', version: 'v', address: 'a' } });
    expect(sentence.split('. ').length).toBeGreaterThanOrEqual(2);
    expect(sentence).not.toMatch(/[{}!]/);
    expect(sentence).not.toContain(code);
  });

  it('fills in what is known and leaves no word of the program where it is not', () => {
    const gaps = 'registry.caPath, windowsPrintCommand';
    expect(describeStartFailure({ code: 'CONFIG_INCOMPLETE', params: { gaps } })).toContain(`olan: ${gaps}. Heç`);
    expect(describeStartFailure({ code: 'CONFIG_INCOMPLETE', params: {} })).toContain('olan: . Heç');
  });

  it('names a code it does not know', () => {
    expect(describeStartFailure({ code: 'SOMETHING_ELSE', params: {} })).toContain('SOMETHING_ELSE');
  });
});
