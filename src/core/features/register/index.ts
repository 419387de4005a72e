import type { PaperView } from '../../../shared/contract/paper.ts';
import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import { mayPrintDayRegister } from '../../../shared/rules/rights.ts';
import type { Actor } from '../../act/act.ts';
import type { Handlers } from '../../rpc/handlers.ts';
import type { Reader } from '../../storage/database.ts';
import type { ApplicationContext } from '../application/index.ts';
import { compareDay, listDay, type RegisterDay } from './day.ts';
import { reviewAct } from './review.ts';

/** Makes the printed register of a day; implemented by the paper feature. `read` is called again inside its transaction. */
export interface DayRegisterPaper {
  prepareDayRegister(
    request: { readonly commandId: string; readonly actor: Actor; readonly on: string },
    read: (db: Reader) => RegisterDay,
  ): Promise<Result<PaperView, Failure>>;
}

/** The day's register of the office. Source: R-31 */
export function createRegisterFeature(cases: ApplicationContext, paper: DayRegisterPaper): Handlers<'register'> {
  return {
    day: ({ on }) => succeed(listDay(cases, cases.desk.db, on)),
    compare: ({ on }) => compareDay(cases, on),
    review(input, call) {
      if (input.verdict === 'returned' && input.reason.trim().length < 3)
        return fail('FIELDS_INVALID', { field: 'reason', code: 'REQUIRED' });
      return reviewAct(cases, call, input);
    },
    preparePaper({ commandId, on }, call) {
      if (call.actor === null) return fail('NOT_SIGNED_IN');
      if (!mayPrintDayRegister(call.permissions)) return fail('FORBIDDEN', { permission: 'paper.print' });
      return paper.prepareDayRegister({ commandId, actor: call.actor, on }, (db) => listDay(cases, db, on));
    },
  };
}
