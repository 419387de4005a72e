import { Button, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { v7 as uuidv7 } from 'uuid';
import type { ApplicationView } from '../../../shared/contract/application.ts';
import type { PaperView } from '../../../shared/contract/paper.ts';
import type { PaperForm } from '../../../shared/rules/vocabulary.ts';
import { useCommand } from '../../app/commands.ts';
import { announce } from '../../app/announce.ts';
import { useTexts } from '../../app/text.ts';
import { desk, failureOf, queries, queryClient, useAct } from '../../desk-client/index.ts';
import { Busy } from '../../ui/busy.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { ActionButton } from '../../ui/main-button.tsx';
import { Signal } from '../../ui/signal.tsx';
import { findPhase, listLive } from './paper-phase.ts';
import { PdfPreview } from './pdf-preview.tsx';
import { PrintQuestion } from './print-question.tsx';
import { readPieces } from './read-bytes.ts';

interface Props {
  readonly view: ApplicationView;
  readonly form: PaperForm;
  /** One set of copies for each; an empty serial for a paper of the whole case. */
  readonly serials: readonly string[];
  readonly onDone: () => void;
}

/** A paper from its number to the confirmed copy: prepare, look, print, and say what came out. Source: SIM-12, SIM-15, SIM-17 */
export function PaperFlow({ view, form, serials, onDone }: Props) {
  const { t } = useTexts();
  const { applicationId } = view;
  const papers = useQuery(queries.paper.list.queryOptions({ input: { applicationId } }));
  const printers = useQuery(queries.paper.listPrinters.queryOptions());
  const [printer, setPrinter] = useState<string | null>(null);
  const [isPut, setPut] = useState(false);
  // What came out is asked only after the printer has its answer: an earlier Enter would be lost.
  const [isSending, setSending] = useState(false);
  const act = useAct();
  const setIds = useRef(new Map<string, string>());
  const live = listLive(papers.data ?? [], form, serials);
  const phase = findPhase(live, serials);
  const chosen = printer ?? printers.data?.find((one) => one.isDefault)?.name ?? printers.data?.[0]?.name ?? '';

  const refresh = async (): Promise<void> => {
    await queryClient.invalidateQueries({ queryKey: queries.paper.key() });
    await queryClient.invalidateQueries({ queryKey: queries.application.get.key({ input: { applicationId } }) });
  };
  const prepare = (wanted: readonly string[]): void => {
    void act
      .run(async () => {
        for (const certificateSerial of wanted) {
          const commandId = setIds.current.get(certificateSerial) ?? uuidv7();
          // A repeated try of the same set has the same id; after a spoilt set the next one is another act.
          setIds.current.set(certificateSerial, commandId);
          await desk.paper.prepare({ commandId, applicationId, form, certificateSerial });
          setIds.current.delete(certificateSerial);
        }
      })
      .then(refresh);
  };
  const prepareMissing = (): void => {
    prepare(serials.filter((serial) => !live.some((paper) => paper.certificateSerial === serial)));
  };
  const print = (): void => {
    setPut(false);
    const paperIds = live.filter((paper) => paper.state === 'prepared').map((paper) => paper.paperId);
    setSending(true);
    void act
      .run((commandId) => desk.paper.print({ commandId, paperIds, printer: chosen }))
      .finally(() => {
        setSending(false);
      })
      .then(refresh);
  };
  const confirm = (verdict: 'good' | 'spoilt', reason: string): void => {
    const paperIds = live.filter((paper) => paper.state === 'printing').map((paper) => paper.paperId);
    void act
      .run((commandId) => desk.paper.confirm({ commandId, paperIds, verdict, reason }))
      .then(async (answer) => {
        await refresh();
        if (answer === undefined) return;
        announce(t(verdict === 'good' ? 'paper.said.good' : 'paper.said.spoilt'));
        if (verdict === 'good') onDone();
      });
  };
  const isBusy = act.startedAtMs !== null;
  const body = useRef<HTMLDivElement>(null);
  // Prepared → print → question → done: the hand finds its next key under the focus.
  useEffect(() => {
    if (phase === 'prepared' || phase === 'none') body.current?.querySelector<HTMLElement>('[data-main]')?.focus();
  }, [phase]);
  return (
    <div className="col" ref={body}>
      {papers.error !== null && <FailureNote failure={failureOf(papers.error)} onRetry={() => void papers.refetch()} />}
      <div className="row">
        <strong>{t(`paper.form.${form}`)}</strong>
        {live.length > 0 && <span className="quiet">{t('paper.copies', { n: live.length })}</span>}
        {[...new Set(live.map((paper) => paper.number))].map((number) => (
          <span key={number} className="mono">
            {number}
          </span>
        ))}
      </div>
      <FailureNote
        failure={act.failure}
        {...(phase === 'none' ? { onRetry: prepareMissing } : phase === 'prepared' ? { onRetry: print } : {})}
      />
      {act.startedAtMs !== null && <Busy text={t(phase === 'none' ? 'paper.preparing' : 'paper.printing')} sinceMs={act.startedAtMs} />}
      {phase === 'none' && <ActionButton label={t('paper.prepare')} onRun={prepareMissing} isBusy={isBusy || papers.data === undefined} />}
      {phase === 'prepared' && act.failure?.params['reason'] === 'DATA_CHANGED' && (
        <ActionButton
          label={t('paper.prepareAnew')}
          onRun={() => {
            prepare(serials);
          }}
          isBusy={isBusy}
        />
      )}
      {phase === 'prepared' && (
        <PrintBar
          printer={chosen}
          onPrinter={setPrinter}
          printers={printers.data ?? []}
          onPrint={print}
          isBusy={isBusy}
          copies={live.length}
        />
      )}
      {phase === 'printing' && !isPut && !isSending && (
        <PrintQuestion
          copies={live.length}
          isBusy={isBusy}
          hasQueueFailed={live.some(({ reason }) => reason === 'queue_failed')}
          onAnswer={confirm}
          onLater={() => {
            setPut(true);
          }}
        />
      )}
      {phase === 'printing' && isPut && (
        <ActionButton
          label={t('paper.askAgain')}
          onRun={() => {
            setPut(false);
          }}
        />
      )}
      {phase === 'printed' && <Signal tone="good">{t('paper.done')}</Signal>}
      {live.length > 0 && <PaperSheets papers={live} />}
    </div>
  );
}

interface PrintBarProps {
  readonly printer: string;
  readonly onPrinter: (name: string) => void;
  readonly printers: readonly { name: string; state: 'ready' | 'busy' | 'stopped' | 'unknown' }[];
  readonly onPrint: () => void;
  readonly isBusy: boolean;
  readonly copies: number;
}
function PrintBar({ printer, onPrinter, printers, onPrint, isBusy, copies }: PrintBarProps) {
  const { t } = useTexts();
  // Ctrl+P prints as well as the main action.
  useCommand('print', onPrint, { isEnabled: !isBusy && printer !== '', label: t('keys.print') });
  return (
    <div className="row">
      <ActionButton
        label={t('paper.print', { n: copies })}
        onRun={onPrint}
        isBusy={isBusy}
        isDisabled={printer === ''}
        reason={t('paper.noPrinter')}
      />
      <NativeSelect
        aria-label={t('paper.printerLabel')}
        value={printer}
        data={printers.map((one) => ({ value: one.name, label: `${one.name} · ${t(`paper.printer.${one.state}`)}` }))}
        onChange={(event) => {
          onPrinter(event.currentTarget.value);
        }}
      />
    </div>
  );
}

function PaperSheets({ papers }: { readonly papers: readonly PaperView[] }) {
  const { t } = useTexts();
  const [chosen, setChosen] = useState<string | null>(null);
  const paper = papers.find((one) => one.paperId === chosen) ?? papers[0];
  if (paper === undefined) return null;
  return (
    <div className="col">
      {papers.length > 1 && (
        <div className="row" role="group" aria-label={t('paper.copiesLabel')}>
          {papers.map((one) => (
            <Button
              key={one.paperId}
              variant="default"
              aria-pressed={one.paperId === paper.paperId}
              onClick={() => {
                setChosen(one.paperId);
              }}
            >
              {t('paper.copyOf', { n: one.copy, all: one.copies })} {one.certificateSerial === '' ? '' : `· ${one.number}`}
            </Button>
          ))}
        </div>
      )}
      <PaperSheet key={paper.paperId} paper={paper} />
    </div>
  );
}

/** The stored bytes of one copy. Source: SIM-12 */
export function PaperSheet({ paper }: { readonly paper: PaperView }) {
  const { t } = useTexts();
  const [bytes, setBytes] = useState<Uint8Array<ArrayBuffer> | null>(null);
  const act = useAct();
  const [sinceMs] = useState(() => Date.now());
  const { paperId } = paper;
  const { run } = act;
  useEffect(() => {
    let isGone = false;
    void run(() => readPieces((offset) => desk.paper.read({ paperId, offset }))).then((read) => {
      if (!isGone && read !== undefined) setBytes(read);
    });
    return () => {
      isGone = true;
    };
  }, [paperId, run]);
  if (act.failure !== null) return <FailureNote failure={act.failure} />;
  if (bytes === null) return <Busy text={t('paper.opening')} sinceMs={sinceMs} />;
  return <PdfPreview bytes={bytes} name={`${t(`paper.form.${paper.form}`)} ${paper.number}`} />;
}
