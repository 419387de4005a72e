import type { Role } from '../../../src/shared/rules/vocabulary.ts';
import { provePermissions } from './permission-table.ts';

// Source: procedures.md §16, R-31: the supervisor alone reviews
const viewers: Role[] = ['registrar', 'auditor', 'supervisor'];

provePermissions('register', { day: viewers, compare: viewers, review: ['supervisor'], preparePaper: viewers });
