import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDateTime } from './dates.ts';

/** The time-zone data of the engine are the judge of our own arithmetic. */
const zone = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Asia/Baku',
  ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' },
  hourCycle: 'h23',
});

describe('time in Baku against the time-zone data', () => {
  it('agrees at every instant from 1998 to 2060', () => {
    const instant = fc.integer({ min: Date.UTC(1998, 0, 1), max: Date.UTC(2060, 0, 1) });
    fc.assert(
      fc.property(instant, (atMs) => {
        expect(formatDateTime(atMs, 'seconds')).toBe(zone.format(atMs).replaceAll('/', '.').replace(',', ''));
      }),
      { numRuns: 5000 },
    );
  });
});
