import type { Desk } from '../../src/core/desk.ts';
import { emptyApplication } from '../../src/core/features/application/draft.ts';
import { insertApplication } from '../../src/core/storage/repositories/application-repository.ts';
import { emptyPackageBody, savePackage, type StoredPackage } from '../../src/core/storage/repositories/package-repository.ts';
import { systemRandomness } from '../../src/core/platform/randomness.ts';
import { applicationDataSchema } from '../../src/shared/rules/application-data.ts';

export const courierFin = 'QYD9001';
export const serialAt = (index: number): string => `01000000000${String(index).padStart(5, '0')}`;
export const envelopeAt = (index: number): string => `${serialAt(index)}-01`;

/** A package with the courier, as the feed would have brought it, and the sent applications of its cards. */
export function seedPackage(desk: Desk, packageNumber: string, cards: number, change: Partial<StoredPackage> = {}): StoredPackage {
  const items = Array.from({ length: cards }, (_, index) => ({
    id: systemRandomness.uuid(),
    cardSerial: serialAt(index + 1),
    envelopeNumber: envelopeAt(index + 1),
  }));
  const stored: StoredPackage = {
    ...emptyPackageBody,
    packageNumber,
    state: 'WITH_COURIER',
    purpose: 'cards',
    rev: 2,
    sync: 'registered',
    updatedAtMs: desk.clock.nowMs(),
    fromOfficeId: 'centre',
    fromOfficeName: 'Kart fərdiləşdirmə mərkəzi',
    toOfficeId: desk.identity.officeId,
    toOfficeName: desk.identity.officeName,
    courierName: 'Əşrəf Göyçaylı',
    courierFin,
    registerNumber: 'TLM1-01-2026-000001',
    preparedAtMs: desk.clock.nowMs(),
    dispatchedAtMs: desk.clock.nowMs(),
    items,
    ...change,
  };
  desk.db.transact((tx) => {
    savePackage(tx, stored);
    for (const item of items)
      insertApplication(tx, {
        ...emptyApplication(desk.identity.deskId, desk.clock.nowMs()),
        applicationId: item.id,
        state: 'DISPATCHED',
        rev: 3,
        data: applicationDataSchema.parse({ carrier: { kind: 'asan_id' } }),
        operatorId: '',
        operatorLogin: '',
        operatorName: '',
      });
  });
  return stored;
}
