import type { ApplicationData } from '../../../shared/rules/application-data.ts';
import type { Reader } from '../database.ts';
import { json, textOf } from './columns.ts';

/** What a line of the day's register says of its case. */
export interface DayCase {
  readonly data: ApplicationData;
  /** In the order in which the registry issued them. */
  readonly serials: readonly string[];
}

/** Many cases in two queries: a day is read at once and within the time that the core may take. Source: R-31 */
export function listDayCases(db: Reader, applicationIds: Iterable<string>): Map<string, DayCase> {
  const ids = JSON.stringify([...new Set(applicationIds)]);
  const serials = new Map<string, string[]>();
  for (const row of db.all(
    'SELECT application_id, serial FROM certificate_of_application WHERE application_id IN (SELECT value FROM json_each(@ids)) ORDER BY application_id, ordinal',
    { ids },
  )) {
    const applicationId = textOf(row, 'application_id');
    const known = serials.get(applicationId);
    if (known === undefined) serials.set(applicationId, [textOf(row, 'serial')]);
    else known.push(textOf(row, 'serial'));
  }
  const rows = db.all('SELECT application_id, data FROM application WHERE application_id IN (SELECT value FROM json_each(@ids))', { ids });
  return new Map(
    rows.map((row) => {
      const applicationId = textOf(row, 'application_id');
      return [applicationId, { data: json<ApplicationData>(row, 'data'), serials: serials.get(applicationId) ?? [] }];
    }),
  );
}
