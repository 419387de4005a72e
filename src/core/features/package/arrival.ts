import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import type { Actor, CommandDraft } from '../../act/act.ts';
import type { Call } from '../../desk.ts';
import type { Tx } from '../../storage/database.ts';
import type { StoredPackage } from '../../storage/repositories/package-repository.ts';
import { returnCase } from './cases.ts';
import { isPrinted, type PackageContext } from './context.ts';
import { commandFor, failStop, moveTo, performOnPackage, type PackageAnswer, type PackageRequest } from './perform.ts';

const typedCode = (text: string): string => text.replaceAll(/\s/gu, '').toUpperCase();

/**
 * The courier stands at the desk. Another FİN than that of the dispatch record: identification stopped, the centre is told by the command itself. A
 * damaged package is not registered. Source: PKG-03, PKG-04, PKG-05, M-16, M-17
 */
export function arrive(
  context: PackageContext,
  call: Call,
  input: PackageRequest & { readonly courierFin: string; readonly isDamaged: boolean; readonly note: string },
): Result<PackageAnswer, Failure> {
  const courierFin = typedCode(input.courierFin);
  if (!/^[0-9A-Z]{5,7}$/u.test(courierFin)) return fail('FIELDS_INVALID', { field: 'courierFin', code: 'FIN_LENGTH' });
  return performOnPackage(context, call, 'package.arrive', input, ({ stored }, _tx, facts) => {
    const isCourierRight = courierFin === typedCode(stored.courierFin);
    const isDamaged = isCourierRight && input.isDamaged;
    const reached = moveTo(stored.state, isCourierRight ? 'AT_OFFICE' : 'ID_FAILED', { ...facts, isCourierRight });
    if (!reached.ok) return reached;
    if (stored.state === 'ID_FAILED') return failStop('STATE', stored.state);
    const arrived: StoredPackage = {
      ...stored,
      state: isDamaged ? 'DAMAGED' : reached.value,
      isDamaged,
      arrivedAtMs: context.desk.clock.nowMs(),
    };
    const message = isCourierRight ? (isDamaged ? 'M-17' : null) : 'M-16';
    return succeed({
      package: arrived,
      act: 'package.arrive',
      auditAct: 'package.arrive',
      detail: { isCourierRight, isDamaged },
      notices: message === null ? [] : [{ code: message, params: {} }],
      ...(message === null ? {} : { note: { code: message, params: {} } }),
      outbox: [
        commandFor(stored, 'package.arrive', {
          packageNumber: stored.packageNumber,
          courierFin,
          isCourierRight,
          isDamaged,
          note: input.note.trim(),
        }),
      ],
    });
  });
}

/** After M-16: the centre was asked and said that this courier may bring it, or that it goes back. Source: procedures.md §14.4 */
export function answerCentre(
  context: PackageContext,
  call: Call,
  input: PackageRequest & { readonly isAccepted: boolean; readonly note: string },
): Result<PackageAnswer, Failure> {
  const note = input.note.trim();
  if (note.length < 3) return failStop('CENTRE_NOT_ASKED', 'ID_FAILED');
  return performOnPackage(context, call, 'package.answerCentre', input, ({ stored }, tx, facts) => {
    const answered = { ...facts, hasAnswerOfCentre: true };
    const reached = moveTo(stored.state, input.isAccepted ? 'AT_OFFICE' : 'RETURNED', answered);
    if (!reached.ok) return reached;
    if (stored.state !== 'ID_FAILED') return failStop('STATE', stored.state);
    const { packageNumber, courierFin } = stored;
    if (input.isAccepted)
      return succeed({
        package: { ...stored, state: reached.value, centreAnswer: note },
        act: 'package.arrive',
        auditAct: 'package.centre_answered',
        outbox: [commandFor(stored, 'package.arrive', { packageNumber, courierFin, isCourierRight: true, isDamaged: false, note })],
      });
    return succeed({
      ...goesBack(context, tx, call.actor, { ...stored, centreAnswer: note }, '', note),
      auditAct: 'package.centre_answered',
    });
  });
}

/** A damaged package goes back whole, with the register of its cards. Source: PKG-05, M-17 */
export function returnAll(
  context: PackageContext,
  call: Call,
  input: PackageRequest & { readonly note: string },
): Result<PackageAnswer, Failure> {
  return performOnPackage(context, call, 'package.returnAll', input, (loaded, tx, facts) => {
    const { stored } = loaded;
    const reached = moveTo(stored.state, 'RETURNED', facts);
    if (!reached.ok) return reached;
    if (stored.state !== 'DAMAGED') return failStop('CENTRE_NOT_ASKED', stored.state);
    return succeed(goesBack(context, tx, call.actor, stored, loaded.mismatch[0]?.number ?? '', input.note.trim()));
  });
}

function goesBack(context: PackageContext, tx: Tx, actor: Actor | null, stored: StoredPackage, registerNumber: string, note: string) {
  const reason = 'package_damaged' as const;
  const cases =
    stored.purpose === 'cards'
      ? stored.items.map((item) => returnCase(context, tx, actor, stored, item, { reason, registerNumber, note }))
      : [];
  const outbox: CommandDraft[] = [
    commandFor(stored, 'package.return', { packageNumber: stored.packageNumber, reason, registerNumber, note }),
    ...cases.flatMap(({ drafts }) => drafts),
  ];
  return {
    package: { ...stored, state: 'RETURNED' as const },
    act: 'package.return',
    auditAct: 'package.return',
    detail: { items: stored.items.length, register: registerNumber },
    outbox,
    events: cases.flatMap(({ events }) => events),
  };
}

/**
 * The authorised officer signs the delivery act: himself when he is signed in, else beside the registrar, with his own name and password. His name
 * stands on the act and on the command. Source: PKG-06, COU-03, R-06
 */
export async function signAct(
  context: PackageContext,
  call: Call,
  input: PackageRequest & { readonly login: string; readonly password: string },
): Promise<Result<PackageAnswer, Failure>> {
  const { commandId, packageNumber } = input;
  const signer = await officerOf(context, call, input);
  if (!signer.ok) return signer;
  const request = { commandId, packageNumber, signer: signer.value.login };
  return performOnPackage(
    context,
    call,
    'package.signAct',
    request,
    ({ stored, act }, _tx, facts) => {
      const reached = moveTo(stored.state, 'ACT_SIGNED', { ...facts, permissions: [...facts.permissions, 'package.sign'] });
      if (!reached.ok) return reached;
      const actNumber = act[0]?.number ?? '';
      if (!isPrinted(act)) return failStop('ACT_NOT_SIGNED', stored.state);
      return succeed({
        package: { ...stored, state: reached.value, actNumber },
        act: 'package.sign_act',
        auditAct: 'package.sign_act',
        detail: { act: actNumber, isBesideAnother: signer.value.login !== call.actor?.login },
        outbox: [commandFor(stored, 'package.sign_act', { packageNumber, actNumber })],
      });
    },
    signer.value,
  );
}

async function officerOf(
  context: PackageContext,
  call: Call,
  { login, password }: { readonly login: string; readonly password: string },
): Promise<Result<Actor, Failure>> {
  if (call.actor === null) return fail('NOT_SIGNED_IN');
  const maySign = call.permissions.has('package.sign') || call.permissions.has('card.dispatch');
  if (maySign && login === '') return succeed(call.actor);
  // Whoever only looks cannot bring a signature about either.
  if (!maySign && !call.permissions.has('package.receive')) return fail('FORBIDDEN');
  if (login.trim() === '' || password === '') return fail('STEP_NOT_POSSIBLE', { reason: 'NEEDS_OFFICER', state: 'AT_OFFICE' });
  return context.vouch(login, password);
}

/** Source: PKG-07, PKG-08 */
export function record(
  context: PackageContext,
  call: Call,
  input: PackageRequest & { readonly courierName: string },
): Result<PackageAnswer, Failure> {
  const courierName = input.courierName.trim().normalize('NFC');
  return performOnPackage(context, call, 'package.record', input, ({ stored }, _tx, facts) => {
    const reached = moveTo(stored.state, 'RECORDED', { ...facts, isCourierNamed: courierName !== '' });
    if (!reached.ok) return reached;
    return succeed({
      package: { ...stored, state: reached.value, receivedCourierName: courierName },
      act: 'package.record',
      auditAct: 'package.record',
      outbox: [commandFor(stored, 'package.record', { packageNumber: stored.packageNumber, courierName })],
    });
  });
}
