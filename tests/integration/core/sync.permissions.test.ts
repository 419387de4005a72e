import { roles } from '../../../src/shared/rules/vocabulary.ts';
import { provePermissions } from './permission-table.ts';

// Everybody sees the queue and both sides of a conflict. Who may answer one, or send again, is decided by his other rights: see queue-acts.
const carers = ['rights_administrator', 'supervisor'] as const;
provePermissions('sync', {
  page: roles,
  sendNow: roles,
  conflict: roles,
  resolve: roles,
  markClockSeen: ['supervisor'],
  sendAgain: roles,
  exportState: carers,
  exportQueue: carers,
  helpPackage: roles,
});
