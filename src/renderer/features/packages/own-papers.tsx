import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { PaperView } from '../../../shared/contract/paper.ts';
import { announce } from '../../app/announce.ts';
import { useTexts } from '../../app/text.ts';
import { desk, queries, queryClient, useAct } from '../../desk-client/index.ts';
import { Busy } from '../../ui/busy.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { ActionButton } from '../../ui/main-button.tsx';
import { Signal } from '../../ui/signal.tsx';
import { PaperSheet, PrintQuestion } from '../case/index.ts';

interface Props {
  readonly papers: readonly PaperView[];
  readonly prepareLabel: string;
  readonly onPrepare: (commandId: string) => Promise<readonly PaperView[]>;
  /** Not the main action of the page: another button has Ctrl+Enter. */
  readonly isSecond?: boolean;
  readonly canPrepare?: boolean;
}

/** A numbered paper of a package or a request from its number to the confirmed copies. Source: COM-08, F-21, F-24, F-26..F-29 */
export function OwnPapers({ papers, prepareLabel, onPrepare, isSecond = false, canPrepare = true }: Props) {
  const { t } = useTexts();
  const printers = useQuery(queries.paper.listPrinters.queryOptions()).data ?? [];
  const printer = printers.find((one) => one.isDefault) ?? printers[0];
  const [isPut, setPut] = useState(false);
  const [isOpen, setOpen] = useState(false);
  // What came out is asked only after the printer has its answer: an earlier Enter would be lost.
  const [isSending, setSending] = useState(false);
  const act = useAct();
  const isBusy = act.startedAtMs !== null;
  const live = papers.filter(({ state }) => state !== 'spoilt');
  const paperIds = live.map(({ paperId }) => paperId);
  const isAll = (state: PaperView['state']): boolean => live.length > 0 && live.every((paper) => paper.state === state);
  const isPrinting = live.some(({ state }) => state === 'printing');
  const command = isSecond ? ('print' as const) : ('mainAction' as const);

  const refresh = async (): Promise<void> => {
    await queryClient.invalidateQueries({ queryKey: queries.package.key() });
    await queryClient.invalidateQueries({ queryKey: queries.pinRequest.key() });
  };
  const prepare = (): void => {
    void act.run(onPrepare).then(refresh);
  };
  const print = (): void => {
    if (printer === undefined) return;
    setSending(true);
    void act
      .run((commandId) => desk.paper.print({ commandId, paperIds, printer: printer.name }))
      .then(refresh)
      .then(() => {
        setSending(false);
      });
  };
  const confirm = (verdict: 'good' | 'spoilt', reason: string): void => {
    void act
      .run((commandId) => desk.paper.confirm({ commandId, paperIds, verdict, reason }))
      .then(async (answer) => {
        if (answer !== undefined) announce(t(verdict === 'good' ? 'paper.said.good' : 'paper.said.spoilt'));
        await refresh();
      });
  };
  const [first] = live;
  return (
    <div className="col">
      {act.startedAtMs !== null && <Busy text={t('paper.preparing')} sinceMs={act.startedAtMs} />}
      <FailureNote failure={act.failure} />
      {live.length === 0 && canPrepare && (
        <ActionButton command={command} isQuiet={isSecond} label={prepareLabel} onRun={prepare} isBusy={isBusy} />
      )}
      {first !== undefined && (
        <div className="row">
          <strong>
            {t(`paper.form.${first.form}`)} · <span className="mono">{first.number}</span>
          </strong>
          {isAll('printed') && <Signal tone="good">{t('paper.done')}</Signal>}
          {isAll('prepared') && (
            <ActionButton
              command={command}
              isQuiet={isSecond}
              label={t('paper.print', { n: live.length })}
              onRun={print}
              isBusy={isBusy}
              isDisabled={printer === undefined}
              reason={t('paper.noPrinter')}
            />
          )}
          <Button
            variant="default"
            aria-expanded={isOpen}
            onClick={() => {
              setOpen((now) => !now);
            }}
          >
            {t('packages.printAgain')}
          </Button>
        </div>
      )}
      {isPrinting && !isPut && !isSending && (
        <PrintQuestion
          copies={live.length}
          isBusy={isBusy}
          onAnswer={confirm}
          onLater={() => {
            setPut(true);
          }}
        />
      )}
      {isPrinting && isPut && (
        <ActionButton
          isQuiet
          command={command}
          label={t('paper.askAgain')}
          onRun={() => {
            setPut(false);
          }}
        />
      )}
      {isOpen && first !== undefined && <PaperSheet key={first.paperId} paper={first} />}
    </div>
  );
}
