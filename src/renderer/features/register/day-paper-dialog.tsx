import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { PaperView } from '../../../shared/contract/paper.ts';
import { announce } from '../../app/announce.ts';
import { useTexts } from '../../app/text.ts';
import { desk, queries, useAct } from '../../desk-client/index.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { ActionButton } from '../../ui/main-button.tsx';
import { Signal } from '../../ui/signal.tsx';
import { PaperSheet, PrintQuestion } from '../case/index.ts';

interface Props {
  /** As it was prepared; one that is in the printer still waits for its answer. */
  readonly paper: PaperView;
  readonly onClose: () => void;
}

/** The day's register on paper: what is seen is what is printed, and what came out is asked as of every other paper. Source: R-31, COM-08 */
export function DayPaperDialog({ paper, onClose }: Props) {
  const { t } = useTexts();
  return (
    <Dialog isOpen title={`${t('paper.form.day-register')} ${paper.number}`} size="xl" onClose={onClose}>
      <DayPaper paper={paper} onClose={onClose} />
    </Dialog>
  );
}

function DayPaper({ paper: prepared, onClose }: Props) {
  const { t } = useTexts();
  const printers = useQuery(queries.paper.listPrinters.queryOptions()).data ?? [];
  const printer = printers.find((one) => one.isDefault) ?? printers[0];
  const [paper, setPaper] = useState(prepared);
  const act = useAct();
  const isBusy = act.startedAtMs !== null;
  const paperIds = [paper.paperId];
  const print = (): void => {
    if (printer === undefined) return;
    void act
      .run((commandId) => desk.paper.print({ commandId, paperIds, printer: printer.name }))
      .then((answer) => {
        setPaper(answer?.[0] ?? paper);
      });
  };
  const confirm = (verdict: 'good' | 'spoilt', reason: string): void => {
    void act
      .run((commandId) => desk.paper.confirm({ commandId, paperIds, verdict, reason }))
      .then((answer) => {
        if (answer === undefined) return;
        setPaper(answer[0] ?? paper);
        announce(t(verdict === 'good' ? 'paper.said.good' : 'paper.said.spoilt'));
        // Its number is void: the next print makes a new list.
        if (verdict === 'spoilt') onClose();
      });
  };
  return (
    <div className="col">
      {paper.state === 'prepared' && (
        <div className="row">
          <ActionButton
            label={t('paper.print', { n: 1 })}
            onRun={print}
            isBusy={isBusy}
            isDisabled={printer === undefined}
            reason={t('paper.noPrinter')}
          />
        </div>
      )}
      <FailureNote failure={act.failure} {...(paper.state === 'prepared' ? { onRetry: print } : {})} />
      {paper.state === 'printing' && (
        <>
          <Signal tone="good">{t('paper.sentToPrinter', { printer: paper.printer })}</Signal>
          <PrintQuestion copies={1} isBusy={isBusy} onAnswer={confirm} onLater={onClose} />
        </>
      )}
      {paper.state === 'printed' && <Signal tone="good">{t('paper.done')}</Signal>}
      <PaperSheet paper={paper} />
    </div>
  );
}
