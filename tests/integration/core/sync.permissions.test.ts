import { roles } from '../../../src/shared/rules/vocabulary.ts';
import { provePermissions } from './permission-table.ts';

// Everybody sees the queue and both sides of a conflict. Who may answer one, or send again, is decided by his other rights: see queue-acts.
provePermissions('sync', { page: roles, sendNow: roles, conflict: roles, resolve: roles, markClockSeen: ['supervisor'], sendAgain: roles });
