import { Checkbox } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { ApplicationView } from '../../../shared/contract/application.ts';
import { contractFormOf } from '../../../shared/rules/application-states.ts';
import { sayCode } from '../../app/say.ts';
import { useTexts } from '../../app/text.ts';
import { desk, queries } from '../../desk-client/index.ts';
import { FailureNote } from '../../ui/failure-note.tsx';
import { ActionButton } from '../../ui/main-button.tsx';
import { Note } from '../../ui/signal.tsx';
import { PaperFlow } from './paper-flow.tsx';
import { findPhase, listLive } from './paper-phase.ts';
import { useCaseAct } from './use-case-act.ts';

/** The contract in two copies: printed, signed and sealed by the centre, then signed by the holder. Source: SIM-12…SIM-14, COM-08, M-44 */
export function ContractStep({ view, onMoved }: { readonly view: ApplicationView; readonly onMoved: () => void }) {
  const papers = useQuery(queries.paper.list.queryOptions({ input: { applicationId: view.applicationId } })).data ?? [];
  const form = contractFormOf(view.data.carrier.kind);
  const isPrinted = findPhase(listLive(papers, form, ['']), ['']) === 'printed';
  return (
    <>
      {isPrinted && (view.state === 'CONTRACT' || view.nextAction === 'confirm_signed') && <Signatures view={view} onMoved={onMoved} />}
      <PaperFlow view={view} form={form} serials={['']} onDone={() => undefined} />
    </>
  );
}

function Signatures({ view, onMoved }: { readonly view: ApplicationView; readonly onMoved: () => void }) {
  const texts = useTexts();
  const { t } = texts;
  const act = useCaseAct();
  const [centreSigned, setCentre] = useState(false);
  const [applicantSigned, setApplicant] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  const second = useRef<HTMLInputElement>(null);
  useEffect(() => {
    first.current?.focus();
  }, []);
  const confirm = (): void => {
    void act
      .run((commandId) =>
        desk.application.confirmContractSigned({ commandId, applicationId: view.applicationId, centreSigned, applicantSigned }),
      )
      .then((isDone) => {
        if (isDone) onMoved();
      });
  };
  return (
    <div
      className="col note tone-wait"
      style={{ color: 'inherit', flexDirection: 'column' }}
      role="group"
      aria-label={t('case.signatures')}
    >
      <strong>{t('case.signatures')}</strong>
      <Checkbox
        ref={first}
        label={t('case.centreSigned')}
        checked={centreSigned}
        onChange={(event) => {
          setCentre(event.currentTarget.checked);
          if (event.currentTarget.checked) second.current?.focus();
        }}
      />
      <Checkbox
        ref={second}
        label={t(view.attendee === 'representative' ? 'case.representativeSigned' : 'case.applicantSigned')}
        checked={applicantSigned}
        onChange={(event) => {
          setApplicant(event.currentTarget.checked);
        }}
      />
      <FailureNote failure={act.failure} onRetry={confirm} />
      {act.notices.map((one) => (
        <Note key={one.code} tone="attention">
          {sayCode(texts, one.code, one.params)}
        </Note>
      ))}
      <ActionButton label={t('case.confirmSigned')} onRun={confirm} isBusy={act.startedAtMs !== null} />
    </div>
  );
}
