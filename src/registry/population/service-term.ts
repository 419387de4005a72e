import { addCivilYears } from '../../shared/language/civil-date.ts';

/** The service term is bought for three years and extended by three. Source: azerbaijan.md §13, T-22 */
const termYears = 3;
/** Asan İmza began in 2013; nothing in the population was connected after this day. */
const firstServiceOn = '2013-01-01';
const lastActivationOn = '2026-01-01';

/**
 * The day on which a service that ends on `untilOn` was connected, after at least `extensions` extensions: whole terms before its end, in the
 * years in which there were services to connect. Source: C-36, T-22
 */
export function activationOf(untilOn: string, extensions: number): string {
  let on = addCivilYears(untilOn, -termYears);
  for (let made = 0; on > lastActivationOn || made < extensions; made += 1) {
    const earlier = addCivilYears(on, -termYears);
    if (earlier < firstServiceOn) break;
    on = earlier;
  }
  return on;
}
