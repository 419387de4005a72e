import type { ApplicationRow, ApplicationView } from '../../../shared/contract/application.ts';
import { civilDateAt, startOfCivilDateAtMs } from '../../../shared/language/dates.ts';
import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import type { ApplicationState } from '../../../shared/rules/vocabulary.ts';
import type { Call } from '../../desk.ts';
import {
  countApplications,
  countOpenApplications,
  findApplication,
  listApplications,
  listOpenApplications,
  listReturnedApplications,
  type OpenCounts,
  type StoredApplication,
} from '../../storage/repositories/application-repository.ts';
import { findByBothPrefixes, findByPrefix } from '../../storage/repositories/search-repository.ts';
import { findCase, type ApplicationContext } from './case.ts';
import { listSearchPlans } from './search-terms.ts';
import { rowOf, viewOf } from './view.ts';

const dayMs = 24 * 60 * 60 * 1000;
/** Cases of a home page; a person does not read more. */
const homeRows = 200;

/** What waits for this operator, the soonest due first; what a supervisor returned stands on top. Source: COM-15, R-31 */
export function home(context: ApplicationContext, call: Call): Result<{ due: ApplicationRow[]; counts: OpenCounts }, Failure> {
  const { desk } = context;
  const { operatorId, login } = call.actor ?? { operatorId: '', login: '' };
  const nowMs = desk.clock.nowMs();
  const endOfDayMs = startOfCivilDateAtMs(civilDateAt(nowMs)) + dayMs - 1;
  const returned = listReturnedApplications(desk.db, login);
  const isReturned = new Set(returned.map(({ applicationId }) => applicationId));
  const open = listOpenApplications(desk.db, homeRows).filter(({ applicationId }) => !isReturned.has(applicationId));
  const rows = [...returned, ...open].map((application) => rowOf(context, desk.db, application, call));
  const due = rows.filter((row) => row.nextAction !== 'none' || row.returnedReason !== '');
  return succeed({ due, counts: countOpenApplications(desk.db, { operatorId, login }, nowMs, endOfDayMs) });
}

export function list(
  context: ApplicationContext,
  call: Call,
  input: { readonly scope: 'mine' | 'office'; readonly states: readonly ApplicationState[]; readonly limit: number },
): Result<{ rows: ApplicationRow[]; totalCount: number }, Failure> {
  const { db } = context.desk;
  const filter = { operatorId: input.scope === 'mine' ? (call.actor?.operatorId ?? '') : '', states: input.states };
  const rows = listApplications(db, { ...filter, limit: input.limit }).map((application) => rowOf(context, db, application, call));
  return succeed({ rows, totalCount: countApplications(db, filter) });
}

/** Every plan in turn until there are enough; the same folding as when the terms were written. */
export function search(
  context: ApplicationContext,
  call: Call,
  input: { readonly text: string; readonly limit: number },
): Result<ApplicationRow[], Failure> {
  const { db } = context.desk;
  return succeed(
    searchIds(context, input.text, input.limit)
      .map((applicationId) => findApplication(db, applicationId))
      .filter((application): application is StoredApplication => application !== undefined)
      .map((application) => rowOf(context, db, application, call)),
  );
}

export function searchIds(context: Pick<ApplicationContext, 'desk'>, text: string, limit: number): string[] {
  const { db } = context.desk;
  const found = new Set<string>();
  for (const [first, second] of listSearchPlans(text)) {
    // Two loose beginnings cost more than one and are tried when nothing else was meant.
    if (found.size >= limit || (second !== undefined && found.size > 0)) break;
    const ids = second === undefined ? findByPrefix(db, first, limit) : findByBothPrefixes(db, first, second, limit);
    for (const id of ids) found.add(id);
  }
  return [...found].slice(0, limit);
}

export function get(context: ApplicationContext, call: Call, input: { readonly applicationId: string }): Result<ApplicationView, Failure> {
  const loaded = findCase(context, context.desk.db, input.applicationId);
  if (loaded === undefined) return fail('NOT_FOUND');
  recordOpening(context, call, loaded.application);
  return succeed(viewOf(context, context.desk.db, loaded, call));
}

/** Who opened a case that is not his own is written before it is shown; the screen reads it again and again, so once a session and case. */
function recordOpening({ desk, opened }: ApplicationContext, { actor, permissions }: Call, application: StoredApplication): void {
  const { applicationId, operatorId, operatorLogin } = application;
  if (actor === null || operatorId === actor.operatorId || operatorLogin === actor.login) return;
  if (opened.sessionId !== actor.sessionId) {
    opened.sessionId = actor.sessionId;
    opened.cases.clear();
  }
  const isMasked = !permissions.has('person.reveal');
  // Another role of the same session may see more.
  const seen = `${applicationId} ${isMasked ? 'masked' : 'whole'}`;
  if (opened.cases.has(seen)) return;
  desk.acts.record(actor, () => ({ value: undefined, audit: { act: 'person.view', applicationId, detail: { isMasked } } }));
  opened.cases.add(seen);
}

/** Who looked at whose data is written before the data are shown. */
export function reveal(
  context: ApplicationContext,
  call: Call,
  input: { readonly applicationId: string; readonly field: 'fin' | 'phone' | 'document' | 'name' },
): Result<{ value: string }, Failure> {
  const application = findApplication(context.desk.db, input.applicationId);
  if (application === undefined) return fail('NOT_FOUND');
  const { applicationId, field } = input;
  context.desk.acts.record(call.actor, () => ({ value: undefined, audit: { act: 'person.reveal', applicationId, detail: { field } } }));
  const { person, carrier, document } = application.data;
  const values = {
    fin: person.fin,
    phone: carrier.phone,
    document: document.number,
    name: [person.surname, person.givenName, person.fatherName].filter((part) => part !== '').join(' '),
  };
  return succeed({ value: values[field] });
}
