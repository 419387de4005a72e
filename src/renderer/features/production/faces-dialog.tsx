import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { ProductionRow } from '../../../shared/contract/production.ts';
import { announce } from '../../app/announce.ts';
import { useTexts } from '../../app/text.ts';
import { desk, failureOf, queries, queryClient, useAct } from '../../desk-client/index.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { ActionButton } from '../../ui/main-button.tsx';
import { Note } from '../../ui/signal.tsx';
import { bytesOfBase64, PdfPreview } from '../case/index.ts';

/** Faces of the made cards: looked at one by one, printed in one go, or handed over to Asure ID. Source: PRS-04, PRS-05, PRS-08 */
export function FacesDialog({ rows, onClose }: { readonly rows: readonly ProductionRow[]; readonly onClose: () => void }) {
  const { t } = useTexts();
  return (
    <Dialog isOpen title={t('production.facesTitle')} size="xl" onClose={onClose}>
      <Faces rows={rows} />
    </Dialog>
  );
}

function Faces({ rows }: { readonly rows: readonly ProductionRow[] }) {
  const { t } = useTexts();
  const act = useAct();
  const printers = useQuery(queries.paper.listPrinters.queryOptions()).data ?? [];
  const asure = useQuery(queries.production.asure.queryOptions()).data;
  const [printer, setPrinter] = useState('');
  const [shown, setShown] = useState('');
  const waiting = rows.filter(({ run }) => run?.state === 'made' && !run.isFacePrinted && run.packageNumber === '');
  const runIds = waiting.flatMap(({ run }) => (run === null ? [] : [run.runId]));
  const chosenPrinter = printer !== '' ? printer : (printers.find((one) => one.isDefault)?.name ?? printers[0]?.name ?? '');
  const runId = runIds.includes(shown) ? shown : (runIds[0] ?? '');
  const refresh = (): Promise<void> => queryClient.invalidateQueries({ queryKey: queries.production.key() });
  const isBusy = act.startedAtMs !== null;
  const print = (): void => {
    void act
      .run((commandId) => desk.production.printFaces({ commandId, runIds, printer: chosenPrinter }))
      .then(async (answer) => {
        if (answer !== undefined) announce(t('production.facesPrinted', { n: answer.printed }));
        await refresh();
      });
  };
  const handOver = (): void => {
    void act.run((commandId) => desk.production.asureHandOver({ commandId, runIds })).then(refresh);
  };
  const done = (): void => {
    void act.run((commandId) => desk.production.asureDone({ commandId, serials: asure?.serials ?? [] })).then(refresh);
  };
  return (
    <div className="col">
      <FailureNote failure={act.failure} />
      {asure !== undefined && asure.serials.length > 0 && (
        <Note tone="attention">
          <div className="row">
            <span style={{ flex: 1 }}>{t('production.asureLies', { n: asure.serials.length })}</span>
            <ActionButton command="scrapCard" isQuiet label={t('production.asureDone')} isBusy={isBusy} onRun={done} />
          </div>
        </Note>
      )}
      {runIds.length === 0 ? (
        <p>{t('production.facesNone')}</p>
      ) : (
        <>
          <div className="row">
            <NativeSelect
              aria-label={t('production.holder')}
              value={runId}
              data={waiting.map((row) => ({ value: row.run?.runId ?? '', label: `${row.holderName} · ${row.run?.cardSerial ?? ''}` }))}
              onChange={(event) => setShown(event.currentTarget.value)}
            />
            <NativeSelect
              aria-label={t('paper.printerLabel')}
              value={chosenPrinter}
              data={printers.map(({ name }) => ({ value: name, label: name }))}
              onChange={(event) => setPrinter(event.currentTarget.value)}
            />
            <ActionButton
              label={t('production.facesPrint', { n: runIds.length })}
              isDisabled={chosenPrinter === ''}
              reason={t('paper.noPrinter')}
              isBusy={isBusy}
              onRun={print}
            />
            {asure?.isConfigured === true && (
              <ActionButton
                command="markAll"
                isQuiet
                label={t('production.asureHandOver', { n: runIds.length })}
                isBusy={isBusy}
                onRun={handOver}
              />
            )}
          </div>
          <p className="quiet">{t('production.facesHint')}</p>
          <FacePreview key={runId} runId={runId} />
        </>
      )}
    </div>
  );
}

function FacePreview({ runId }: { readonly runId: string }) {
  const { t } = useTexts();
  const query = useQuery(queries.production.face.queryOptions({ input: { runId }, retry: false, staleTime: 0 }));
  const bytes = useMemo(() => (query.data === undefined ? null : bytesOfBase64(query.data.base64)), [query.data]);
  if (query.error !== null) return <FailureNote failure={failureOf(query.error)} onRetry={() => void query.refetch()} />;
  return bytes === null ? null : <PdfPreview bytes={bytes} name={t('production.faces')} />;
}
