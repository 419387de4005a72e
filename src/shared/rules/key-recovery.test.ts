import { describe, expect, it } from 'vitest';
import { decideKeyRecovery, type KeyWitness } from './key-recovery.ts';

const witness = (login: string, role: KeyWitness['roles'][number], more: Partial<KeyWitness> = {}): KeyWitness => ({
  login,
  roles: [role],
  isDisabled: false,
  mustChangePassword: false,
  ...more,
});

describe('who may bring the key of a database back', () => {
  it('is one who works at the desk, with a supervisor', () => {
    expect(decideKeyRecovery(witness('leyla', 'registrar'), witness('nigar', 'supervisor'))).toBeNull();
    expect(decideKeyRecovery(witness('kamran', 'rights_administrator'), witness('nigar', 'supervisor'))).toBeNull();
  });

  it('is never one person alone, whatever his roles', () => {
    const both = witness('nigar', 'supervisor', { roles: ['supervisor', 'rights_administrator'] });
    expect(decideKeyRecovery(both, both)).toBe('SAME_PERSON');
  });

  it('is nobody of another role, disabled, or with a first password', () => {
    expect(decideKeyRecovery(witness('sevda', 'auditor'), witness('nigar', 'supervisor'))).toBe('FIRST_NOT_ALLOWED');
    expect(decideKeyRecovery(witness('leyla', 'registrar'), witness('rashad', 'registrar'))).toBe('SECOND_NOT_ALLOWED');
    expect(decideKeyRecovery(witness('leyla', 'registrar', { isDisabled: true }), witness('nigar', 'supervisor'))).toBe(
      'FIRST_NOT_ALLOWED',
    );
    const first = { mustChangePassword: true };
    expect(decideKeyRecovery(witness('leyla', 'registrar'), witness('nigar', 'supervisor', first))).toBe('SECOND_NOT_ALLOWED');
  });
});
