import type { PaperView } from '../../../shared/contract/paper.ts';
import type { RegisterRow } from '../../../shared/contract/register.ts';
import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import type { Call } from '../../desk.ts';
import type { Handlers } from '../../rpc/handlers.ts';
import type { ApplicationContext } from '../application/index.ts';
import { compareDay, listDay, type RegisterDay } from './day.ts';
import { reviewAct } from './review.ts';

export type { RegisterDay } from './day.ts';

/** Makes the printed register of a day; implemented by the paper feature. */
export interface DayRegisterPaper {
  prepare(call: Call, request: { readonly commandId: string; readonly on: string }, day: RegisterDay): Result<PaperView, Failure> | Promise<Result<PaperView, Failure>>;
}

/** The day's register of the office. Source: R-31 */
export function createRegisterFeature(cases: ApplicationContext, paper: DayRegisterPaper): Handlers<'register'> {
  return {
    day: ({ on }) => succeed({ ...listDay(cases, on) }),
    compare: ({ on }) => compareDay(cases, on),
    review(input, call): Result<RegisterRow, Failure> {
      if (input.verdict === 'returned' && input.reason.trim().length < 3) return fail('FIELDS_INVALID', { field: 'reason', code: 'REQUIRED' });
      return reviewAct(cases, call, input);
    },
    preparePaper: ({ commandId, on }, call) => paper.prepare(call, { commandId, on }, listDay(cases, on)),
  };
}
