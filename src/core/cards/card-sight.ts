import type { CardSight } from '../../shared/card-host/host-protocol.ts';
import type { CardInSight } from '../../shared/rules/personalisation-journal.ts';
import type { StoredRun } from '../storage/repositories/production-repository.ts';

/** The card in the reader as the journal of `run` sees it; null: there is none. */
export function sightFor(run: StoredRun, sight: CardSight | null): CardInSight {
  if (sight === null) return { kind: 'none' };
  if (sight.profile !== 'asan_id' || sight.chipSerialHex !== run.chipSerial) return { kind: 'another' };
  return {
    kind: 'this',
    life: sight.life,
    serial: sight.cardSerial === '' ? 'none' : sight.cardSerial === run.cardSerial ? 'this' : 'other',
    certificates: certificatesOf(run, sight),
  };
}

function certificatesOf(run: StoredRun, { certificates }: CardSight): 'none' | 'these' | 'others' {
  if (certificates.length === 0) return 'none';
  const issued = { auth: run.authCertificate, sign: run.signCertificate };
  const isOurs = certificates.every(({ key, der }) => {
    const own = issued[key];
    return own !== null && Buffer.from(own).equals(Buffer.from(der));
  });
  // Half of them is what a power cut between the two leaves; both are written again.
  return isOurs ? 'these' : 'others';
}
