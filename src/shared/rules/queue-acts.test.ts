import { describe, expect, it } from 'vitest';
import { mayActOnQueue } from './queue-acts.ts';
import { permissionsOfRole } from './rights.ts';
import { roles } from './vocabulary.ts';

describe('acts on the queue', () => {
  it('are for those who work at cases, rights or the register, and never for an auditor', () => {
    expect(roles.filter((role) => mayActOnQueue(permissionsOfRole[role]))).toEqual(
      roles.filter((role) => !['auditor', 'call_centre'].includes(role)),
    );
    expect(mayActOnQueue(['application.edit'])).toBe(false);
  });
});
