import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideRoleSet, mayPrintDayRegister, permissionsOf, permissionsOfRole, viewingPermissions } from './rights.ts';
import { permissions, roles, type Permission, type Role } from './vocabulary.ts';

function holdersOf(permission: Permission): Role[] {
  return roles.filter((role) => permissionsOfRole[role].includes(permission));
}

describe('rights of a role', () => {
  it.each<[Permission, Role[]]>([
    ['application.view', ['registrar', 'authorised_officer', 'document_entry', 'centre_officer', 'auditor', 'supervisor']],
    ['application.edit', ['registrar']],
    ['paper.print', ['registrar', 'centre_officer']],
    ['centre.sign', ['registrar', 'centre_officer']],
    ['scan.view', ['registrar', 'authorised_officer', 'document_entry', 'auditor', 'supervisor']],
    ['scan.capture', ['registrar']],
    ['scan.send', ['authorised_officer']],
    ['scan.enter', ['document_entry']],
    ['activation.support', ['centre_officer']],
    ['register.view', ['registrar', 'auditor', 'supervisor']],
    ['register.review', ['supervisor']],
    ['operator.view', ['rights_administrator', 'auditor', 'supervisor']],
    ['operator.manage', ['rights_administrator']],
    ['audit.view', ['auditor', 'supervisor']],
    ['sync.view', [...roles]],
    ['person.reveal', ['registrar', 'centre_officer', 'auditor', 'supervisor']],
    ['storage.care', ['rights_administrator', 'supervisor']],
    ['training.faults', roles.filter((role) => role !== 'auditor')],
  ])('%s belongs to %j', (permission, holders) => {
    expect(holdersOf(permission)).toEqual(holders);
  });

  it('R-05: the registrar alone makes and edits applications', () => {
    expect(holdersOf('application.edit')).toEqual(['registrar']);
  });

  it('R-06 R-07: who sends the scans does not enter them, and neither edits a case', () => {
    expect(permissionsOf(['authorised_officer'])).toContain('scan.send');
    expect(permissionsOf(['authorised_officer'])).not.toContain('scan.enter');
    expect(permissionsOf(['document_entry'])).toEqual(['application.view', 'scan.view', 'scan.enter', 'sync.view', 'training.faults']);
  });

  it('R-05 R-09: for the centre signs its officer, and the registrar by his appointment', () => {
    expect(holdersOf('centre.sign')).toEqual(['registrar', 'centre_officer']);
  });

  it('R-08: the rights administrator alone appoints, and sees no case', () => {
    expect(holdersOf('operator.manage')).toEqual(['rights_administrator']);
    expect(permissionsOf(['rights_administrator'])).not.toContain('application.view');
  });

  it('R-31: the supervisor alone reviews the register and performs no act', () => {
    expect(holdersOf('register.review')).toEqual(['supervisor']);
    const others = permissionsOf(['supervisor']).filter((permission) => !viewingPermissions.includes(permission));
    expect(others).toEqual(['register.review', 'storage.care', 'training.faults']);
  });

  it('the auditor only looks', () => {
    for (const permission of permissionsOf(['auditor'])) expect(viewingPermissions).toContain(permission);
  });

  it('R-31: registrar and supervisor print the day’s register, the auditor only looks at it', () => {
    expect(roles.filter((role) => mayPrintDayRegister(permissionsOfRole[role]))).toEqual(['registrar', 'supervisor']);
  });

  it('rights of several roles add up, each once, in the order of the vocabulary', () => {
    fc.assert(
      fc.property(fc.subarray([...roles]), (held) => {
        const union = permissionsOf(held);
        expect(union).toEqual(permissions.filter((permission) => held.some((role) => permissionsOf([role]).includes(permission))));
        expect(new Set(union).size).toBe(union.length);
      }),
    );
    expect(permissionsOf([])).toEqual([]);
  });
});

describe('roles of one person', () => {
  it('R-31: supervisor and registrar never meet in one person', () => {
    expect(decideRoleSet(['supervisor', 'registrar'])).toEqual({ ok: false, problems: ['SUPERVISOR_AND_REGISTRAR'] });
  });

  it.each(['authorised_officer', 'document_entry', 'call_centre', 'personalisation_operator', 'centre_officer'] as const)(
    'R-31: a supervisor is no %s',
    (role) => {
      expect(decideRoleSet(['supervisor', role])).toEqual({ ok: false, problems: ['SUPERVISOR_NEVER_ACTS'] });
    },
  );

  it('an auditor has no second role', () => {
    for (const role of roles.filter((each) => each !== 'auditor'))
      expect(decideRoleSet(['auditor', role])).toMatchObject({ ok: false, problems: ['AUDITOR_ONLY_READS'] });
    expect(decideRoleSet(['auditor'])).toEqual({ ok: true, roles: ['auditor'] });
  });

  it('R-05 R-06 R-07: one person may capture, send and enter by several appointments', () => {
    expect(decideRoleSet(['document_entry', 'registrar', 'authorised_officer'])).toEqual({
      ok: true,
      roles: ['registrar', 'authorised_officer', 'document_entry'],
    });
  });

  it('a supervisor may administer rights, nobody holds a role twice, and no role is a dismissal', () => {
    expect(decideRoleSet(['supervisor', 'rights_administrator'])).toEqual({ ok: true, roles: ['rights_administrator', 'supervisor'] });
    expect(decideRoleSet(['registrar', 'registrar'])).toEqual({ ok: false, problems: ['ROLE_TWICE'] });
    expect(decideRoleSet([])).toEqual({ ok: true, roles: [] });
  });

  it('R-31: in any allowed set, whoever reviews cannot edit, print, sign, send or enter', () => {
    const acting: readonly Permission[] = [
      'application.edit',
      'paper.print',
      'centre.sign',
      'scan.capture',
      'scan.send',
      'scan.enter',
      'activation.support',
    ];
    fc.assert(
      fc.property(fc.subarray([...roles]), (held) => {
        if (!decideRoleSet(held).ok) return;
        const union = permissionsOf(held);
        if (union.includes('register.review')) expect(union.filter((permission) => acting.includes(permission))).toEqual([]);
      }),
    );
  });
});
