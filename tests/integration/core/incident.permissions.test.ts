import { provePermissions } from './permission-table.ts';

provePermissions('incident', { list: ['auditor', 'supervisor'], handle: ['supervisor'] });
