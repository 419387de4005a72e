import { permissions, roles, type Permission, type Role } from './vocabulary.ts';

/**
 * Which role may do what. The rows of §16 that concern work not built yet give nothing here, so the call centre has no more than the
 * sight of the queue. A registrar's appointment includes signing for the centre (ADR-0013).
 * Document entry views a case to
 * see which papers it enters, with the person masked, and changes nothing but their entry. The supervisor views every row and alone reviews.
 * Source: procedures.md §16, R-05..R-11, R-31
 */
export const permissionsOfRole: Readonly<Record<Role, readonly Permission[]>> = {
  registrar: [
    'application.view',
    'application.edit',
    'paper.print',
    'centre.sign',
    'scan.view',
    'scan.capture',
    'card.view',
    'card.service',
    'package.receive',
    'pin.reissue',
    'register.view',
    'sync.view',
    'person.reveal',
    'training.faults',
  ],
  authorised_officer: ['application.view', 'scan.view', 'scan.send', 'card.view', 'package.sign', 'sync.view', 'training.faults'],
  document_entry: ['application.view', 'scan.view', 'scan.enter', 'sync.view', 'training.faults'],
  call_centre: ['sync.view', 'training.faults'],
  personalisation_operator: ['card.view', 'card.personalise', 'card.dispatch', 'card.service', 'sync.view', 'training.faults'],
  centre_officer: ['application.view', 'paper.print', 'centre.sign', 'activation.support', 'sync.view', 'person.reveal', 'training.faults'],
  rights_administrator: ['operator.view', 'operator.manage', 'sync.view', 'storage.care', 'training.faults'],
  auditor: ['application.view', 'scan.view', 'card.view', 'register.view', 'operator.view', 'audit.view', 'sync.view', 'person.reveal'],
  supervisor: [
    'application.view',
    'scan.view',
    'card.view',
    'register.view',
    'register.review',
    'operator.view',
    'audit.view',
    'sync.view',
    'person.reveal',
    'storage.care',
    'training.faults',
  ],
};

/** Everything that a person with these roles may do, each right once, in the order of the vocabulary. */
export function permissionsOf(held: readonly Role[]): Permission[] {
  return permissions.filter((permission) => held.some((role) => permissionsOfRole[role].includes(permission)));
}

/** Rights that only look; whoever has no other cannot change anything. `person.reveal` writes a log line about the looker, not the case. */
export const viewingPermissions: readonly Permission[] = [
  'application.view',
  'scan.view',
  'card.view',
  'register.view',
  'operator.view',
  'audit.view',
  'sync.view',
  'person.reveal',
];

/**
 * The day's register is printed by whoever sees it and may do more than look: an auditor takes no number and leaves nothing at the printer.
 * Source: procedures.md §16, R-31
 */
export function mayPrintDayRegister(held: Iterable<Permission>): boolean {
  const all = [...held];
  return all.includes('register.view') && all.some((permission) => !viewingPermissions.includes(permission));
}

/** Roles that perform acts on cases; a supervisor has none of them. Source: R-31 */
const actingRoles: readonly Role[] = [
  'registrar',
  'authorised_officer',
  'document_entry',
  'call_centre',
  'personalisation_operator',
  'centre_officer',
];

export type RoleSetProblem = 'SUPERVISOR_AND_REGISTRAR' | 'SUPERVISOR_NEVER_ACTS' | 'AUDITOR_ONLY_READS' | 'ROLE_TWICE';

/**
 * May one person hold these roles together? Several desk roles may meet in one person; supervisor and registrar never, a supervisor
 * performs no act at all, and an auditor has no second role. No role at all is a dismissal and allowed.
 * Source: procedures.md §16, R-31
 */
export function decideRoleSet(
  held: readonly Role[],
): { readonly ok: true; readonly roles: Role[] } | { readonly ok: false; readonly problems: RoleSetProblem[] } {
  const problems: RoleSetProblem[] = [];
  if (held.includes('supervisor')) {
    if (held.includes('registrar')) problems.push('SUPERVISOR_AND_REGISTRAR');
    else if (held.some((role) => actingRoles.includes(role))) problems.push('SUPERVISOR_NEVER_ACTS');
  }
  if (held.includes('auditor') && held.some((role) => role !== 'auditor')) problems.push('AUDITOR_ONLY_READS');
  if (new Set(held).size !== held.length) problems.push('ROLE_TWICE');
  return problems.length > 0 ? { ok: false, problems } : { ok: true, roles: roles.filter((role) => held.includes(role)) };
}
