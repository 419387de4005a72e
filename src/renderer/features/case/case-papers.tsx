import { useQuery } from '@tanstack/react-query';
import { Fragment, useState } from 'react';
import { Button } from '@mantine/core';
import type { ApplicationView } from '../../../shared/contract/application.ts';
import type { PaperView } from '../../../shared/contract/paper.ts';
import type { PaperForm } from '../../../shared/rules/vocabulary.ts';
import { contractFormOf } from '../../../shared/rules/application-states.ts';
import { isPrintedByActs, listPapersOfCase } from '../../../shared/rules/papers.ts';
import { sayPaperReason } from '../../app/say.ts';
import { useMay } from '../../app/session.ts';
import { useTexts } from '../../app/text.ts';
import { queries } from '../../desk-client/index.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icon.tsx';
import { PaperFlow } from './paper-flow.tsx';

const scanOfForm: Partial<Record<PaperForm, string>> = {
  'appendix-1': 'D-01',
  'appendix-5': 'contract',
  'appendix-6': 'contract',
  'F-20': 'certificate',
  'appendix-10': 'notice',
};
const endedStates: readonly ApplicationView['state'][] = ['REFUSED', 'WITHDRAWN'];

/** The papers of the case with three ticks each: printed, signed, scanned. Spoilt copies stay in the ledger with their reason. */
export function CasePapers({ view }: { readonly view: ApplicationView }) {
  const { t } = useTexts();
  const may = useMay();
  const input = { applicationId: view.applicationId };
  const papers = useQuery(queries.paper.list.queryOptions({ input })).data ?? [];
  const scans = useQuery(queries.scan.list.queryOptions({ input })).data ?? [];
  const [printing, setPrinting] = useState<PaperForm | null>(null);
  const carrierKind = view.data.carrier.kind;
  const contractForm = contractFormOf(carrierKind);
  const isEnded = endedStates.includes(view.state);
  const forms: readonly PaperForm[] = isEnded ? ['F-36'] : listPapersOfCase({ certificateForm: view.data.certificateForm, carrierKind });
  // The contract alone is signed by both here; its tick is the record of signing under its own number, wherever the case stands.
  const isSigned = (form: PaperForm): boolean | null => (form === contractForm ? view.contract.isSigned : null);
  // Papers of another desk are not in the ledger of this one; what was done with them stands in the acts.
  const contract = { isPrinted: true, isSignedByCentre: true, isSignedByHolder: true };
  const isPrinted = (form: PaperForm): boolean => {
    const own = papers.filter((paper) => paper.form === form);
    return own.length > 0
      ? own.some(({ state }) => state === 'printed')
      : isPrintedByActs(form, { state: view.state, contract, carrierKind });
  };
  return (
    <section className="panel" aria-label={t('case.papers')}>
      <h2>{t('case.papers')}</h2>
      <table className="plain small tight">
        <thead>
          <tr>
            <th>{t('case.paper')}</th>
            <th>{t('case.printed')}</th>
            <th>{t('case.signed')}</th>
            <th>{t('case.scanned')}</th>
          </tr>
        </thead>
        <tbody>
          {forms.map((form) => (
            <Fragment key={form}>
              <tr>
                <td>
                  {t(`paper.form.${form}`)}
                  <Numbers
                    papers={papers.filter((paper) => paper.form === form)}
                    elsewhere={form === contractForm ? view.contract.number : ''}
                  />
                </td>
                <td>
                  <Tick is={isPrinted(form)} />
                </td>
                <td>
                  <Tick is={isSigned(form)} />
                </td>
                <td>
                  <Tick is={form === 'F-36' || form === 'F-23' ? null : scans.some((scan) => scan.document === scanOfForm[form])} />
                </td>
              </tr>
              {may('paper.print') && (form === 'appendix-1' || form === 'F-23' || form === 'F-36') && (
                <tr>
                  <td colSpan={4}>
                    <Button
                      variant="default"
                      onClick={() => {
                        setPrinting(form);
                      }}
                    >
                      {t('paper.open')}
                    </Button>
                  </td>
                </tr>
              )}
            </Fragment>
          ))}
        </tbody>
      </table>
      <Dialog
        isOpen={printing !== null}
        title={printing === null ? '' : t(`paper.form.${printing}`)}
        size="xl"
        onClose={() => {
          setPrinting(null);
        }}
      >
        {printing !== null && <PaperFlow view={view} form={printing} serials={['']} onDone={() => undefined} />}
      </Dialog>
    </section>
  );
}

/** The numbers of this desk's ledger, void ones with their reason; and the one under which both signed at another desk. */
function Numbers({ papers, elsewhere }: { readonly papers: readonly PaperView[]; readonly elsewhere: string }) {
  const texts = useTexts();
  const numbers = [...new Map(papers.map((paper) => [paper.number, paper])).values()];
  return (
    <>
      {elsewhere !== '' && numbers.every(({ number }) => number !== elsewhere) && <div className="mono quiet">{elsewhere}</div>}
      {numbers.map((paper) => (
        <div key={paper.number}>
          <span className="mono quiet">{paper.number}</span>
          {paper.state === 'spoilt' && (
            <div className="tone-attention">
              {texts.t('paper.state.spoilt')}: {sayPaperReason(texts, paper.reason)}
            </div>
          )}
        </div>
      ))}
    </>
  );
}

function Tick({ is }: { readonly is: boolean | null }) {
  const { t } = useTexts();
  if (is === null) return <span className="quiet">–</span>;
  return (
    <span className={is ? 'tone-good' : 'quiet'}>
      {is ? <Icon name="check" /> : <span aria-hidden="true">○</span>}
      <span className="visually-hidden">{t(is ? 'case.is' : 'case.isNot')}</span>
    </span>
  );
}
