import { civilDateAt } from '../../shared/language/dates.ts';

/** The civil day in Baku on which an instant lies. */
export function bakuDayOf(atMs: number): string {
  return civilDateAt(atMs);
}
