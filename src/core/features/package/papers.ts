import type { PaperView } from '../../../shared/contract/paper.ts';
import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import type { CarriageForm } from '../../../shared/rules/vocabulary.ts';
import type { CarriagePaper } from '../../documents/ports.ts';
import type { Call } from '../../desk.ts';
import type { StoredPackage } from '../../storage/repositories/package-repository.ts';
import { receiptOf, type PackageContext } from './context.ts';
import { isToRegister, loadPackage, returnFormOf, returnReasonOf, type LoadedPackage } from './loaded.ts';
import type { PackageRequest } from './perform.ts';

type Content = Omit<CarriagePaper, 'head'>;

/** What every paper of a package says of it. */
function carriageOf(
  stored: StoredPackage,
  form: CarriageForm,
  rows: Content['rows'],
  names: { giver?: string; receiver?: string } = {},
): Content {
  return {
    form,
    packageNumber: stored.packageNumber,
    fromName: stored.fromOfficeName === '' ? stored.fromOfficeId : stored.fromOfficeName,
    toName: stored.toOfficeName === '' ? stored.toOfficeId : stored.toOfficeName,
    courierName: stored.courierName,
    courierFin: stored.courierFin,
    dispatchedAtMs: stored.dispatchedAtMs,
    giver: names.giver ?? '',
    receiver: names.receiver ?? '',
    rows,
  };
}

/** The receiving copy of the delivery act; the officer's name is written by hand, because he is asked only when he signs. Source: F-24, PKG-06, COU-03 */
export function prepareAct(context: PackageContext, call: Call, input: PackageRequest): Promise<Result<PaperView[], Failure>> {
  return prepare(context, call, input, 'F-24', 'package.prepareAct', ({ stored }) => {
    if (stored.state !== 'AT_OFFICE') return fail('PAPER_NOT_POSSIBLE', { reason: 'STATE' });
    return succeed(
      carriageOf(
        stored,
        'F-24',
        stored.items.map(({ cardSerial, envelopeNumber }) => ({ cardSerial, envelopeNumber, note: '' })),
      ),
    );
  });
}

/** The register of what goes back: F-26 serials that do not match, or all of a damaged package; F-27 what has no pair. Source: PKG-05, PKG-09, PKG-10 */
export function prepareReturn(
  context: PackageContext,
  call: Call,
  input: PackageRequest & { readonly form: 'F-26' | 'F-27' },
): Promise<Result<PaperView[], Failure>> {
  return prepare(context, call, input, input.form, 'package.prepareReturn', (loaded) => {
    const rows = loaded.stored.state === 'DAMAGED' ? rowsOfDamaged(loaded, input.form) : rowsOfReturn(loaded, input.form);
    if (rows.length === 0 && loaded.stored.state !== 'DAMAGED') return fail('PAPER_NOT_POSSIBLE', { reason: 'STATE' });
    return succeed(carriageOf(loaded.stored, input.form, rows, { giver: call.actor?.fullName ?? '' }));
  });
}

function rowsOfDamaged({ stored }: LoadedPackage, form: 'F-26' | 'F-27'): Content['rows'] {
  if (form === 'F-27') return [];
  return stored.items.map(({ cardSerial, envelopeNumber }) => ({ cardSerial, envelopeNumber, note: 'package_damaged' }));
}

/** Only what is here can go back: a side that was not read stands as a dash, with the reason beside it. */
function rowsOfReturn({ stored, lines, surplus }: LoadedPackage, form: 'F-26' | 'F-27'): Content['rows'] {
  if (stored.state !== 'RECORDED') return [];
  const ofLines = lines
    .filter((line) => !isToRegister(line) && line.decision?.decision === 'returned' && returnFormOf(line) === form)
    .map((line) => ({
      cardSerial: form === 'F-27' && line.card === 'missing' ? '' : line.cardSerial,
      envelopeNumber: line.envelope === 'missing' ? '' : line.envelopeNumber,
      note: returnReasonOf(line),
    }));
  const ofSurplus = surplus
    .filter((one) => one.decision?.decision === 'returned' && returnFormOf(one) === form)
    .map(({ side, code }) => ({
      cardSerial: side === 'card' ? code : '',
      envelopeNumber: side === 'envelope' ? code : '',
      note: 'surplus',
    }));
  return [...ofLines, ...ofSurplus];
}

async function prepare(
  context: PackageContext,
  call: Call,
  { commandId, packageNumber }: PackageRequest,
  form: CarriageForm,
  operation: string,
  contentOf: (loaded: LoadedPackage) => Result<Content, Failure>,
): Promise<Result<PaperView[], Failure>> {
  const { actor, permissions } = call;
  if (actor === null) return fail('NOT_SIGNED_IN');
  if (!permissions.has('package.receive') && !permissions.has('package.sign') && !permissions.has('card.dispatch'))
    return fail('FORBIDDEN');
  return context.papers.prepareOwn({
    commandId,
    operation,
    actor,
    form,
    subject: form === 'F-24' ? receiptOf(packageNumber) : packageNumber,
    plan(db) {
      const loaded = loadPackage(context, db, packageNumber);
      if (loaded === undefined) return fail('PACKAGE_NOT_FOUND');
      const content = contentOf(loaded);
      return content.ok ? succeed({ content: content.value, copies: 2 }) : content;
    },
  });
}
