import type { ApplicationView } from '../../../shared/contract/application.ts';
import { formatDateTime } from '../../app/format.ts';
import { sayCode } from '../../app/say.ts';
import { useMay, useStatus } from '../../app/session.ts';
import { useTexts } from '../../app/text.ts';
import { Note } from '../../ui/signal.tsx';
import { PaperFlow } from './paper-flow.tsx';
import { isRefusalReason, refusalReasons } from '../../../shared/rules/refusal.ts';

/** A case that ended without certificates: why, what goes back to the applicant, and its paper. Source: COM-04, COM-14 */
export function EndedPanel({ view }: { readonly view: ApplicationView }) {
  const texts = useTexts();
  const { t, find } = texts;
  const may = useMay();
  const status = useStatus();
  const { refusal } = view;
  const endedAt = view.timeline.findLast(({ act }) => act === 'application.refuse' || act === 'application.withdraw')?.deskId ?? '';
  // What went back to the applicant is listed at the desk that ended the case.
  const isElsewhere = endedAt !== '' && endedAt !== status?.deskId;
  const message = refusal !== null && isRefusalReason(refusal.reasonCode) ? refusalReasons[refusal.reasonCode].message : null;
  const params: Record<string, string> = message === 'M-02' ? { tarix: view.data.document.validUntilOn } : {};
  return (
    <>
      <h2>{t(`states.${view.state}`)}</h2>
      {refusal !== null && (
        <>
          <Note tone="stop">
            {view.state === 'REFUSED' && <p>{find(`case.refusal.${refusal.reasonCode}`, {}, sayCode(texts, refusal.reasonCode))}</p>}
            {message !== null &&
              message !== 'M-03' &&
              message !== 'M-04' &&
              message !== 'M-10' &&
              message !== 'M-11' &&
              message !== 'M-12' &&
              message !== 'M-38' && <p>{sayCode(texts, message, params)}</p>}
            {refusal.note !== '' && <p>{refusal.note}</p>}
            <p className="num">{formatDateTime(refusal.atMs)}</p>
          </Note>
          {refusal.invalidityNote && <Note tone="attention">{t('case.invalidityNote')}</Note>}
          <h3>{t('case.returnedDocuments')}</h3>
          {refusal.returnedDocuments.length === 0 ? (
            <p className="quiet">{isElsewhere ? t('case.returnedElsewhere', { desk: endedAt }) : t('case.nothingReturned')}</p>
          ) : (
            <ul>
              {refusal.returnedDocuments.map((one) => (
                <li key={one.document}>
                  {one.document} · {find(`terms.document.${one.document}`)} {one.note}
                </li>
              ))}
            </ul>
          )}
        </>
      )}
      {may('paper.print') && <PaperFlow view={view} form="F-36" serials={['']} onDone={() => undefined} />}
    </>
  );
}
