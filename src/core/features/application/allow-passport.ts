import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import { needsCentreOfficer } from '../../../shared/rules/identity-check.ts';
import type { ApplicationState } from '../../../shared/rules/vocabulary.ts';
import type { Call } from '../../desk.ts';
import { todayOn, type ApplicationContext } from './case.ts';
import { failStep, performOnCase, type ActAnswer, type ActRequest } from './perform.ts';

const entryStates: readonly ApplicationState[] = ['DRAFT', 'CHECKING', 'INVALID'];

/**
 * The centre officer lets a foreign passport pass that the category does not name, for this document in this category only. It stands in the
 * data with name and reason, so that the registry can judge it by its own appointments. Source: C-02
 */
export function allowPassport(
  context: ApplicationContext,
  call: Call,
  input: ActRequest & { readonly reason: string },
): Result<ActAnswer, Failure> {
  const { desk } = context;
  return performOnCase(context, call, 'application.allowPassport', input, ({ application }) => {
    if (application.pendingKind !== 'none') return failStep('OUTCOME_UNKNOWN', application);
    if (!entryStates.includes(application.state)) return failStep('STATE', application);
    const reason = input.reason.trim();
    if (reason.length < 3) return fail('FIELDS_INVALID', { field: 'reason', code: 'REQUIRED' });
    if (!needsCentreOfficer(application.data, todayOn(desk))) return failStep('STATE', application);
    const { category, document } = application.data;
    const passportAllowance = {
      category,
      documentNumber: document.number,
      byLogin: call.actor?.login ?? '',
      reason,
      atMs: Math.round(desk.clock.nowMs()),
    };
    return succeed({
      application: { ...application, data: { ...application.data, passportAllowance }, version: application.version + 1 },
      act: 'application.allow_passport',
      detail: { category, documentKind: document.kind },
    });
  });
}
