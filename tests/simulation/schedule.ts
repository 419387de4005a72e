import fc from 'fast-check';

/** One thing that somebody or something does. `pick` chooses among what is possible when its turn comes. */
export type Step =
  | {
      readonly does: 'act';
      readonly desk: number;
      readonly caseIndex: number;
      readonly pick: number;
      readonly isWild: boolean;
      readonly thenMs: number;
    }
  | { readonly does: 'lease'; readonly desk: number; readonly caseIndex: number; readonly isRelease: boolean; readonly thenMs: number }
  | { readonly does: 'crash'; readonly desk: number; readonly thenMs: number }
  | { readonly does: 'cut'; readonly desk: number; readonly isReachable: boolean; readonly thenMs: number }
  | { readonly does: 'clock'; readonly desk: number; readonly byMs: number; readonly thenMs: number }
  | { readonly does: 'storage'; readonly desk: number; readonly when: 'before' | 'after'; readonly thenMs: number }
  | { readonly does: 'outage'; readonly isOut: boolean; readonly thenMs: number }
  | { readonly does: 'sendNow'; readonly desk: number; readonly thenMs: number };

export interface Schedule {
  /** Draws everything that the steps leave to chance: delays, losses, ids. */
  readonly world: number;
  readonly desks: number;
  readonly weather: 'fair' | 'rough' | 'storm';
  readonly steps: readonly Step[];
}

const tenYearsMs = 10 * 365 * 86_400_000;
const pause = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 3_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 240_000 }) },
);
const desk = fc.nat(4);
const caseIndex = fc.nat(3);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      does: fc.constant('act' as const),
      desk,
      caseIndex,
      pick: fc.nat(1000),
      isWild: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
      thenMs: pause,
    }),
  },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('lease' as const), desk, caseIndex, isRelease: fc.boolean(), thenMs: pause }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('crash' as const), desk, thenMs: pause }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('cut' as const), desk, isReachable: fc.boolean(), thenMs: pause }) },
  {
    weight: 1,
    arbitrary: fc.record({
      does: fc.constant('clock' as const),
      desk,
      byMs: fc.constantFrom(0, 240_000, -240_000, 3_600_000, -3_600_000, tenYearsMs, -tenYearsMs),
      thenMs: pause,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      does: fc.constant('storage' as const),
      desk,
      when: fc.constantFrom('before' as const, 'after' as const),
      thenMs: pause,
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('outage' as const), isOut: fc.boolean(), thenMs: pause }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('sendNow' as const), desk, thenMs: pause }) },
);

export const schedules: fc.Arbitrary<Schedule> = fc.record({
  world: fc.nat(0x7fffffff),
  desks: fc.integer({ min: 2, max: 5 }),
  weather: fc.constantFrom('fair' as const, 'rough' as const, 'storm' as const),
  steps: fc.array(step, { minLength: 10, maxLength: 60, size: 'max' }),
});
