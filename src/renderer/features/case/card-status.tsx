import type { ApplicationView } from '../../../shared/contract/application.ts';
import { formatDateTime } from '../../app/format.ts';
import { useTexts } from '../../app/text.ts';
import { Note } from '../../ui/signal.tsx';
import { PaperFlow } from './paper-flow.tsx';

/** The card of the case: how far it is, where it is, and until when it is due at the courier. Source: AID-13, T-03; procedures.md §14.3 */
export function CardStatus({ view }: { readonly view: ApplicationView }) {
  const { t } = useTexts();
  const { card } = view;
  if (card === null) return null;
  const lines: readonly (readonly [string, string])[] = [
    [t('case.cardState'), card.state === null ? t('case.cardNotMade') : t(`case.cardState.${card.state}`)],
    [t('case.cardSerial'), card.serial],
    [t('case.cardPackage'), card.packageNumber],
    [t('case.cardEnvelope'), card.envelopeNumber],
    [t('case.cardDue'), view.dueAtMs === null || !isUnderWay(view) ? '' : formatDateTime(view.dueAtMs)],
  ];
  return (
    <>
      {isUnderWay(view) && <Note tone="wait">{t('case.cardUnderWay')}</Note>}
      <table className="plain" aria-label={t('case.step.card')}>
        <tbody>
          {lines
            .filter(([, value]) => value !== '')
            .map(([name, value]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{value}</td>
              </tr>
            ))}
        </tbody>
      </table>
      {isUnderWay(view) && <p>{t('case.cardToldBy', { by: t(`form.notifyBy.${view.data.contact.notifyBy}`) })}</p>}
    </>
  );
}

function isUnderWay({ state }: ApplicationView): boolean {
  return state === 'PERSONALISING' || state === 'DISPATCHED';
}

/** What the applicant is told, and the paper that says it. Source: AID-13 */
export function AcceptanceStep({ view, onMoved }: { readonly view: ApplicationView; readonly onMoved: () => void }) {
  const { t } = useTexts();
  return (
    <>
      <p>{t('case.acceptanceHint')}</p>
      <PaperFlow view={view} form="F-23" serials={['']} onDone={onMoved} />
    </>
  );
}
