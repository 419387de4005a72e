import { viewingPermissions } from './rights.ts';
import type { Permission } from './vocabulary.ts';

/**
 * Everybody who sees the queue may ask for a try now. To send again what was set aside, or to answer a conflict, one has to be somebody who
 * works: an auditor changes nothing, and the switches of the training menu make nobody a registrar. Source: procedures.md §16
 */
export function mayActOnQueue(held: Iterable<Permission>): boolean {
  const all = [...held];
  return (
    all.includes('sync.view') && all.some((permission) => permission !== 'training.faults' && !viewingPermissions.includes(permission))
  );
}
