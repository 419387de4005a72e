import { provePermissions } from './permission-table.ts';

// Source: procedures.md §16, J-16
provePermissions('audit', { list: ['auditor', 'supervisor'], verify: ['auditor', 'supervisor'] });
