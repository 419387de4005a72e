import type { audit as azAudit } from '../az/audit.ts';

/** The journal. In English. */
export const audit = {
  verify: 'Verify the chain',
  verifying: 'Verifying…',
  whole: 'The chain is whole: {{n}} rows checked.',
  broken: 'The chain is broken at row {{seq}}. Stop work and tell security.',
  empty: 'The journal is empty. Every act leaves a row here.',
  older: 'Older',
  newest: 'Newest',
  seq: 'No.',
  detail: 'Detail',
  hash: 'Hash',
} as const satisfies Record<keyof typeof azAudit, string>;
