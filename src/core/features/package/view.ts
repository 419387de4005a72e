import type { PackageRow, PackageView } from '../../../shared/contract/package.ts';
import type { Permission } from '../../../shared/rules/vocabulary.ts';
import type { Reader } from '../../storage/database.ts';
import { listCarriageActs, type StoredPackage } from '../../storage/repositories/package-repository.ts';
import type { PackageContext } from './context.ts';
import { countOpenLines, listSteps, sideOf, type LoadedPackage } from './loaded.ts';

export function rowOf(context: PackageContext, stored: StoredPackage): PackageRow {
  const { packageNumber, state, purpose, courierName, dispatchedAtMs, sync, updatedAtMs } = stored;
  return {
    packageNumber,
    state,
    purpose,
    side: sideOf(context, stored),
    fromOfficeId: stored.fromOfficeName === '' ? stored.fromOfficeId : stored.fromOfficeName,
    toOfficeId: stored.toOfficeName === '' ? stored.toOfficeId : stored.toOfficeName,
    courierName,
    items: stored.items.length,
    dispatchedAtMs,
    sync,
    updatedAtMs,
  };
}

/** The courier's FİN of the dispatch record stays here: what is compared with it must not be readable beside it. Source: PKG-04 */
export function viewOf(context: PackageContext, db: Reader, loaded: LoadedPackage, permissions: ReadonlySet<Permission>): PackageView {
  const { stored, count } = loaded;
  const { registerNumber, actNumber, receivedCourierName, isDamaged, arrivedAtMs, packageNumber } = stored;
  return {
    ...rowOf(context, stored),
    registerNumber,
    actNumber,
    receivedCourierName,
    isDamaged,
    arrivedAtMs,
    steps: listSteps(context, loaded, permissions),
    lines: loaded.lines.map((line) => ({
      id: line.item.id,
      cardSerial: line.item.cardSerial,
      envelopeNumber: line.item.envelopeNumber,
      card: line.card,
      envelope: line.envelope,
      isGreen: line.isGreen,
      stop: line.stop,
      decision: line.isGreen ? 'none' : (line.decision?.decision ?? 'none'),
      note: line.decision?.note ?? '',
    })),
    surplus: loaded.surplus.map(({ side, code, decision }) => ({
      side,
      code,
      decision: decision?.decision ?? 'none',
      note: decision?.note ?? '',
    })),
    counts: {
      expected: count.expected,
      cards: count.cards,
      envelopes: count.envelopes,
      missingCards: [...count.missingCards],
      missingEnvelopes: [...count.missingEnvelopes],
      twiceCards: [...count.twiceCards],
      twiceEnvelopes: [...count.twiceEnvelopes],
      open: countOpenLines(loaded),
      stop: count.stop,
    },
    papers: {
      act: [...loaded.act],
      mismatch: [...loaded.mismatch],
      unpaired: [...loaded.unpaired],
      register: [
        ...(stored.purpose === 'pin_documents' ? context.papers.listOwn(db, 'F-28', packageNumber) : []),
        ...(stored.purpose === 'pin_envelopes' ? context.papers.listOwn(db, 'F-29', packageNumber) : []),
      ],
    },
    timeline: listCarriageActs(db, `package:${packageNumber}`).map(({ aggregate: _aggregate, operatorLogin: _login, ...act }) => act),
  };
}
