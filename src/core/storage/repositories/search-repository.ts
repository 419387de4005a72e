import type { Reader, Tx } from '../database.ts';

/** Replaces the terms of a case; unchanged ones are left alone, so that a save of another field writes nothing here. */
export function saveSearchTerms(tx: Tx, applicationId: string, terms: readonly string[]): void {
  const before = new Set(
    tx
      .all('SELECT term FROM application_search WHERE application_id = @applicationId', { applicationId })
      .map((row) => String(row['term'])),
  );
  const after = new Set(terms);
  for (const term of before) {
    if (!after.has(term))
      tx.run('DELETE FROM application_search WHERE term = @term AND application_id = @applicationId', { term, applicationId });
  }
  for (const term of after) {
    if (!before.has(term))
      tx.run('INSERT INTO application_search (term, application_id) VALUES (@term, @applicationId)', { term, applicationId });
  }
}

/** How many rows of the first word are looked at when two words must be met by one case: keeps the worst search short. */
const maxCandidates = 500;

/** Cases with a term that begins with `prefix`; at most `limit`. */
export function findByPrefix(db: Reader, prefix: string, limit: number): string[] {
  return db
    .all('SELECT DISTINCT application_id FROM application_search WHERE term >= @prefix AND term < @end LIMIT @limit', {
      prefix,
      end: endOfPrefix(prefix),
      limit,
    })
    .map((row) => String(row['application_id']));
}

/** Cases that have a term for the first prefix and one for the second. */
export function findByBothPrefixes(db: Reader, first: string, second: string, limit: number): string[] {
  return db
    .all(
      `SELECT DISTINCT candidate.application_id
       FROM (SELECT application_id FROM application_search WHERE term >= @first AND term < @firstEnd LIMIT @maxCandidates) AS candidate
       WHERE EXISTS (SELECT 1 FROM application_search AS other
         WHERE other.application_id = candidate.application_id AND other.term >= @second AND other.term < @secondEnd)
       LIMIT @limit`,
      { first, firstEnd: endOfPrefix(first), second, secondEnd: endOfPrefix(second), maxCandidates, limit },
    )
    .map((row) => String(row['application_id']));
}

/** The least text that is greater than every text with this beginning. */
function endOfPrefix(prefix: string): string {
  return `${prefix}\u{10ffff}`;
}
