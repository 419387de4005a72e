import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { PaperView } from '../../../shared/contract/paper.ts';
import { useTexts } from '../../app/text.ts';
import { desk, queries, useAct } from '../../desk-client/index.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { ActionButton } from '../../ui/main-button.tsx';
import { Signal } from '../../ui/signal.tsx';
import { PaperSheet } from '../case/index.ts';

/** The day's register on paper: what is seen is what is printed. */
export function DayPaperDialog({ paper, onClose }: { readonly paper: PaperView; readonly onClose: () => void }) {
  const { t } = useTexts();
  return (
    <Dialog isOpen title={`${t('paper.form.day-register')} ${paper.number}`} size="xl" onClose={onClose}>
      <DayPaper paper={paper} />
    </Dialog>
  );
}

function DayPaper({ paper }: { readonly paper: PaperView }) {
  const { t } = useTexts();
  const printers = useQuery(queries.paper.listPrinters.queryOptions()).data ?? [];
  const printer = printers.find((one) => one.isDefault) ?? printers[0];
  const [isSent, setSent] = useState(false);
  const act = useAct();
  const print = (): void => {
    if (printer === undefined) return;
    void act
      .run((commandId) => desk.paper.print({ commandId, paperIds: [paper.paperId], printer: printer.name }))
      .then((answer) => {
        setSent(answer !== undefined);
      });
  };
  return (
    <div className="col">
      <div className="row">
        <ActionButton
          label={t('paper.print', { n: 1 })}
          onRun={print}
          isBusy={act.startedAtMs !== null}
          isDisabled={printer === undefined}
          reason={t('paper.noPrinter')}
        />
        {isSent && <Signal tone="good">{t('paper.sentToPrinter', { printer: printer?.name ?? '' })}</Signal>}
      </div>
      <FailureNote failure={act.failure} onRetry={print} />
      <PaperSheet paper={paper} />
    </div>
  );
}
