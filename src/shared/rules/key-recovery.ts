import type { Role } from './vocabulary.ts';

export interface KeyWitness {
  readonly login: string;
  readonly roles: readonly Role[];
  readonly isDisabled: boolean;
  readonly mustChangePassword: boolean;
}

export type KeyWitnessProblem = 'SAME_PERSON' | 'FIRST_NOT_ALLOWED' | 'SECOND_NOT_ALLOWED';

/** Who stands at the desk: works on cases there, or administers it. */
const firstRoles: readonly Role[] = ['registrar', 'rights_administrator'];
const secondRoles: readonly Role[] = ['supervisor'];

/**
 * Two people bring the key of a database back to a device: one who works at the desk, and a supervisor, who performs no acts and so gains nothing by it.
 * A first password, which somebody else knows, proves nobody. Null = they may. Source: procedures.md §16, R-31; ADR-0024
 */
export function decideKeyRecovery(first: KeyWitness, second: KeyWitness): KeyWitnessProblem | null {
  if (first.login === second.login) return 'SAME_PERSON';
  if (!isFit(first, firstRoles)) return 'FIRST_NOT_ALLOWED';
  if (!isFit(second, secondRoles)) return 'SECOND_NOT_ALLOWED';
  return null;
}

function isFit({ roles, isDisabled, mustChangePassword }: KeyWitness, wanted: readonly Role[]): boolean {
  return !isDisabled && !mustChangePassword && roles.some((role) => wanted.includes(role));
}
