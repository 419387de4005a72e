import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import { cardSerialSchema } from '../../../shared/registry-api/card-commands.ts';
import { decideScan, normaliseCode, type CountSide, type ScanVerdict } from '../../../shared/rules/package-counts.ts';
import type { CommandDraft } from '../../act/act.ts';
import type { Call } from '../../desk.ts';
import { insertScan, listScans, type PackageDecision, type StoredPackage } from '../../storage/repositories/package-repository.ts';
import { returnCase } from './cases.ts';
import type { PackageContext } from './context.ts';
import { isToRegister, listNeededRegisters, returnFormOf, returnReasonOf, registerOf, type LoadedPackage } from './loaded.ts';
import { commandFor, failStop, moveTo, performOnPackage, type PackageAnswer, type PackageRequest } from './perform.ts';

/** A card serial has hexadecimal digits only; whatever else is read is taken for an envelope. Source: PKG-12 */
export function sideOfCode(stored: Pick<StoredPackage, 'items'>, code: string): CountSide {
  if (stored.items.some((item) => normaliseCode(item.cardSerial) === code)) return 'card';
  if (stored.items.some((item) => normaliseCode(item.envelopeNumber) === code)) return 'envelope';
  return cardSerialSchema.safeParse(code).success ? 'card' : 'envelope';
}

type ScanWord = { side: CountSide; code: string; verdict: ScanVerdict };
type ScanInput = PackageRequest & { readonly code: string; readonly isDamaged: boolean };

/**
 * One barcode read, judged at once and kept: a crash loses none of a count of five hundred. It is no command of its own; the counts go with the check.
 * Source: PKG-09, PKG-10, PKG-12, M-18, M-19, M-20
 */
export function scan(context: PackageContext, call: Call, input: ScanInput): Result<PackageAnswer & { scan: ScanWord }, Failure> {
  const { desk } = context;
  const { actor } = call;
  if (actor === null) return fail('NOT_SIGNED_IN');
  let word: ScanWord | undefined;
  const code = normaliseCode(input.code);
  const done = performOnPackage(context, call, 'package.scan', input, (loaded, tx, facts) => {
    const { stored } = loaded;
    const offered = moveTo(stored.state, 'CHECKED', { ...facts, isEveryLineDecided: true });
    if (!offered.ok) return offered;
    const side = sideOfCode(stored, code);
    const read = { side, code, isDamaged: input.isDamaged };
    const before = listScans(tx, stored.packageNumber);
    const verdict = decideScan(stored.items, before, read);
    // Read again as damaged: the word of the hand that holds it counts.
    if (verdict !== 'twice' || input.isDamaged) insertScan(tx, stored.packageNumber, read, desk.clock.nowMs(), actor.login);
    else insertScan(tx, stored.packageNumber, { side, code }, desk.clock.nowMs(), actor.login);
    word = { side, code, verdict: input.isDamaged && verdict === 'twice' ? 'damaged' : verdict };
    const message = messageOf(word, stored);
    return succeed({
      package: stored,
      auditAct: 'package.scan',
      detail: { side, verdict: word.verdict },
      notices: message === null ? [] : [message],
    });
  });
  if (!done.ok) return done;
  const side = sideOfCode({ items: done.value.package.lines }, code);
  return succeed({ ...done.value, scan: word ?? { side, code, verdict: 'right' } });
}

function messageOf(
  { side, code, verdict }: ScanWord,
  stored: StoredPackage,
): { code: string; params: Record<string, string | number> } | null {
  if (verdict === 'damaged') return { code: side === 'envelope' ? 'M-19' : 'M-18', params: { kart: code, sistem: code } };
  if (verdict !== 'surplus') return null;
  return { code: 'M-18', params: { kart: code, sistem: stored.packageNumber } };
}

/**
 * A person's word on a red line, or on what does not belong here: the technical problem was removed and why, or it goes back with a register.
 * Source: PKG-09, PKG-10
 */
export function decide(
  context: PackageContext,
  call: Call,
  input: PackageRequest & Omit<PackageDecision, 'decision'> & { readonly decision: PackageDecision['decision'] | 'none' },
): Result<PackageAnswer, Failure> {
  const note = input.note.trim();
  return performOnPackage(context, call, 'package.decide', input, ({ stored, lines, surplus }, _tx, facts) => {
    const offered = moveTo(stored.state, 'CHECKED', { ...facts, isEveryLineDecided: true });
    if (!offered.ok) return offered;
    const line = lines.find(({ item }) => item.id === input.subject);
    const isThere =
      input.side === 'line'
        ? line !== undefined && !line.isGreen
        : surplus.some((one) => one.side === input.side && one.code === input.subject);
    if (!isThere) return fail('NOT_FOUND');
    if (input.decision === 'removed') {
      if (note.length < 3) return failStop('REASON_NEEDED', stored.state);
      // No word can stand in for an envelope that is missing or torn. Source: PKG-10, M-19
      if (line !== undefined && line.envelope !== 'seen') return fail('M-19');
    }
    const others = stored.decisions.filter((each) => each.side !== input.side || each.subject !== input.subject);
    const { side, subject, decision } = input;
    return succeed({
      package: { ...stored, decisions: decision === 'none' ? others : [...others, { side, subject, decision, note }] },
      auditAct: 'package.decide',
      detail: { side, decision },
    });
  });
}

/** Every card is to be registered or stands on a return register, and both counts are told. Source: PKG-09, PKG-10; procedures.md §14.4 */
export function check(context: PackageContext, call: Call, input: PackageRequest): Result<PackageAnswer, Failure> {
  return performOnPackage(context, call, 'package.check', input, (loaded, tx, facts) => {
    const { stored, count, lines } = loaded;
    const reached = moveTo(stored.state, 'CHECKED', facts);
    if (!reached.ok) return stopOfCheck(loaded, reached);
    const back = lines.filter((line) => !isToRegister(line));
    const moved =
      stored.purpose === 'cards'
        ? back.map((line) => {
            const form = returnFormOf(line);
            return returnCase(context, tx, call.actor, stored, line.item, {
              outcome: form === 'F-26' ? 'mismatch' : 'no_envelope',
              reason: returnReasonOf(line),
              registerNumber: registerOf(loaded, form)[0]?.number ?? '',
              note: line.decision?.note ?? '',
            });
          })
        : [];
    const outbox: CommandDraft[] = [
      commandFor(stored, 'package.check', {
        packageNumber: stored.packageNumber,
        cards: count.cards,
        envelopes: count.envelopes,
        missingSerials: [...count.missingCards],
        surplusCodes: [...count.surplusCards, ...count.surplusEnvelopes].map((code) => code.slice(0, 40)),
        note: noteOfCheck(loaded),
      }),
      ...moved.flatMap(({ drafts }) => drafts),
    ];
    return succeed({
      package: { ...stored, state: reached.value },
      act: 'package.check',
      auditAct: 'package.check',
      detail: { cards: count.cards, envelopes: count.envelopes, returned: back.length },
      outbox,
      events: moved.flatMap(({ events }) => events),
    });
  });
}

/** With which registers things go back, and why what was red is right after all. */
function noteOfCheck(loaded: LoadedPackage): string {
  const registers = listNeededRegisters(loaded).map((form) => `${form} ${registerOf(loaded, form)[0]?.number ?? ''}`);
  const reasons = loaded.stored.decisions.filter(({ decision }) => decision === 'removed').map(({ note }) => note);
  return [...registers, ...reasons].join('; ').slice(0, 500);
}

/** While something is red, the message that names it; else what the rule said. */
function stopOfCheck({ stored, count }: LoadedPackage, refused: Result<never, Failure>): Result<never, Failure> {
  if (stored.state !== 'RECORDED' || count.stop !== 'M-20' || count.cards === count.envelopes) return refused;
  return fail('M-20', { a: count.cards, b: count.envelopes });
}
