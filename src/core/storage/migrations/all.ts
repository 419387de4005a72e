import { foundation } from './0010-foundation.ts';
import { operators } from './0020-operators.ts';
import { applications } from './0030-applications.ts';
import { papers } from './0040-papers.ts';
import { scans } from './0050-scans.ts';
import { register } from './0060-register.ts';
import { representative } from './0080-representative.ts';
import { storageSafety } from './0090-storage-safety.ts';
import { registryTrust } from './0100-registry-trust.ts';
import { trustedTime } from './0101-trusted-time.ts';
import { healing } from './0102-healing.ts';
import { keptCertificates } from './0105-kept-certificates.ts';
import { leaseRevision } from './0106-lease-revision.ts';
import { auditSeals } from './0111-audit-seals.ts';
import { keptPause } from './0112-kept-pause.ts';
import { incidents } from './0113-incidents.ts';
import { keyRecovery } from './0119-key-recovery.ts';
import { cardProduction } from './0120-card-production.ts';
import { packages } from './0130-packages.ts';
import { pinRequests } from './0131-pin-requests.ts';
import { asanIdCases } from './0138-asan-id-cases.ts';
import { cardSignIn } from './0140-card-sign-in.ts';
import type { Migration } from './migration.ts';

/** Every step in rising order. The owner of a step adds its line here, its test beside it, and writes the schema snapshot anew. */
export const migrations: readonly Migration[] = [
  foundation,
  operators,
  applications,
  papers,
  scans,
  register,
  representative,
  storageSafety,
  registryTrust,
  trustedTime,
  healing,
  keptCertificates,
  leaseRevision,
  auditSeals,
  keptPause,
  incidents,
  keyRecovery,
  cardProduction,
  packages,
  pinRequests,
  asanIdCases,
  cardSignIn,
];
