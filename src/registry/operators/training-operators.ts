import { createHash } from 'node:crypto';
import type { Role } from '../../shared/rules/vocabulary.ts';
import type { Registry } from '../registry.ts';
import { findAggregate } from '../store/aggregates.ts';
import { insertSecret, makeRecord, publishOperator } from './operator-records.ts';
import { hashPassword } from './passwords.ts';

export interface TrainingOperator {
  readonly login: string;
  readonly fullName: string;
  readonly roles: readonly Role[];
  readonly operatorId: string;
}

/** The people of the training office. Their passwords are public: a production registry never has them. */
const cast: readonly TrainingOperator[] = [
  { login: 'leyla', fullName: 'Leyla Əhmədova', roles: ['registrar'], operatorId: '0192f000-0000-7000-8000-000000000001' },
  { login: 'rashad', fullName: 'Rəşad İsmayılov', roles: ['registrar'], operatorId: '0192f000-0000-7000-8000-000000000002' },
  { login: 'nigar', fullName: 'Nigar Həsənova', roles: ['supervisor'], operatorId: '0192f000-0000-7000-8000-000000000003' },
  { login: 'kamran', fullName: 'Kamran Quliyev', roles: ['rights_administrator'], operatorId: '0192f000-0000-7000-8000-000000000004' },
  { login: 'sevda', fullName: 'Sevda Çələbi', roles: ['auditor'], operatorId: '0192f000-0000-7000-8000-000000000005' },
  { login: 'aygun', fullName: 'Aygün Mürsəlova', roles: ['authorised_officer'], operatorId: '0192f000-0000-7000-8000-000000000006' },
  { login: 'orkhan', fullName: 'Orxan Şirinov', roles: ['document_entry'], operatorId: '0192f000-0000-7000-8000-000000000007' },
  { login: 'farid', fullName: 'Fərid Ağayev', roles: ['centre_officer'], operatorId: '0192f000-0000-7000-8000-000000000008' },
  {
    login: 'ziya',
    fullName: 'Ziya Novruzov',
    roles: ['registrar', 'authorised_officer', 'document_entry'],
    operatorId: '0192f000-0000-7000-8000-000000000009',
  },
  { login: 'tural', fullName: 'Tural Məlikov', roles: ['personalisation_operator'], operatorId: '0192f000-0000-7000-8000-00000000000a' },
];

export const trainingOperators = cast;

/** The same roles in another office: `leyla.<office>` and so on. */
export function trainingOperatorsOf(officeId: string): readonly TrainingOperator[] {
  return cast.map((operator) => {
    const login = `${operator.login}.${officeId}`;
    const hex = createHash('sha256').update(`training operator ${login}`).digest('hex');
    return { ...operator, login, operatorId: `0192f000-0000-7000-8${hex.slice(0, 3)}-${hex.slice(3, 15)}` };
  });
}

export function trainingPassword(login: string): string {
  return `Telim-2026-${login}`;
}

/** Long ago, so that an act recorded by a clock that is slow is still within the appointment. */
const appointedAtMs = Date.UTC(2020, 0, 1);

/** Puts the training operators into offices that have none of them yet. */
export async function seedTrainingOperators(registry: Registry, officeId: string, moreOffices: readonly string[] = []): Promise<void> {
  const wanted = [
    ...cast.map((operator) => ({ ...operator, officeId })),
    ...moreOffices.flatMap((other) => trainingOperatorsOf(other).map((operator) => ({ ...operator, officeId: other }))),
  ];
  const missing = await registry.store.read(async (session) => {
    const found = await Promise.all(wanted.map((operator) => findAggregate(session, 'operator', operator.operatorId)));
    return wanted.filter((_, index) => found[index] === undefined);
  });
  if (missing.length === 0) return;
  const hashes = await Promise.all(missing.map((operator) => hashPassword(trainingPassword(operator.login), registry.passwordCost)));
  await registry.store.transact(async (session) => {
    for (const [index, operator] of missing.entries()) {
      const passwordHash = hashes[index];
      if (passwordHash === undefined || !(await insertSecret(session, operator.operatorId, operator.login, passwordHash))) continue;
      await publishOperator(session, operator.officeId, operator.operatorId, () => makeRecord(operator, appointedAtMs, 'təlim', false));
    }
  });
}
