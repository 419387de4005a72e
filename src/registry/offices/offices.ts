import { findMeta, writeMeta, type Session, type Store } from '../store/store.ts';

export interface Office {
  readonly officeId: string;
  readonly name: string;
}

/** The offices as this program knows them since its start. */
export interface Offices {
  /** The office that makes the cards; empty where none does. */
  readonly centre: string;
  nameOf(officeId: string): string;
  list(): readonly Office[];
}

export interface OfficeSettings {
  readonly offices?: readonly Office[];
  /** Which office is the personalisation centre. Kept from then on. Source: ADR-0027 */
  readonly personalisationOffice?: string;
  /** Where none was ever set. */
  readonly defaultPersonalisationOffice?: string;
}

const centreKey = 'personalisation_office';
export const noOffices: Offices = { centre: '', nameOf: (officeId) => officeId, list: () => [] };

/** Another program on the same database hears of a change at its next start. */
export async function openOffices(store: Store, settings: OfficeSettings): Promise<Offices> {
  return await store.transact(async (session) => {
    for (const { officeId, name } of settings.offices ?? []) await nameOffice(session, officeId, name);
    const known = await findMeta(session, centreKey);
    const centre = settings.personalisationOffice ?? known ?? settings.defaultPersonalisationOffice ?? '';
    if (centre !== (known ?? '')) await writeMeta(session, centreKey, centre);
    const rows = await session.db.selectFrom('office').selectAll().orderBy('office_id').execute();
    const names = new Map(rows.map((row) => [row.office_id, row.name]));
    return {
      centre,
      nameOf: (officeId) => names.get(officeId) ?? officeId,
      list: () => rows.map((row) => ({ officeId: row.office_id, name: row.name })),
    };
  });
}

async function nameOffice(session: Session, officeId: string, name: string): Promise<void> {
  await session.db
    .insertInto('office')
    .values({ office_id: officeId, name })
    .onConflict((conflict) => conflict.column('office_id').doUpdateSet({ name }))
    .execute();
}

/** Whether desks of such an office exist, or it was named. */
export async function isOffice(session: Session, officeId: string): Promise<boolean> {
  const named = await session.db.selectFrom('office').select('office_id').where('office_id', '=', officeId).executeTakeFirst();
  if (named !== undefined) return true;
  const desk = await session.db.selectFrom('desk').select('desk_id').where('office_id', '=', officeId).executeTakeFirst();
  return desk !== undefined;
}
