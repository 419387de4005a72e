import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { formatBytes, formatNumber } from '../../app/format.ts';
import { sayCode } from '../../app/say.ts';
import { useMay } from '../../app/session.ts';
import { useTexts } from '../../app/text.ts';
import { desk, queries, queryClient, useAct } from '../../desk-client/index.ts';
import { Busy } from '../../ui/busy.tsx';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { ActionButton } from '../../ui/main-button.tsx';
import { Note } from '../../ui/signal.tsx';
import type { ExportStateData, ExportedData, HelpPackageData } from './page-data.ts';

const lookAgainMs = 500;

/** Files that a person carries away from the page: the unsent acts for the registry, and the file for support. */
export function useHandOver(): { readonly buttons: ReactNode; readonly notes: ReactNode } {
  const { t, language } = useTexts();
  const may = useMay();
  const [isAsking, setIsAsking] = useState(false);
  const [exported, setExported] = useState<ExportedData | null>(null);
  const [packed, setPacked] = useState<HelpPackageData | null>(null);
  const help = useAct();
  const makeHelp = (): void => {
    void help
      .run(() => desk.sync.helpPackage())
      .then((made) => {
        if (made === undefined) return;
        setExported(null);
        setPacked(made);
      });
  };
  return {
    buttons: (
      <>
        {may('storage.care') && (
          <ActionButton
            command="exportQueue"
            label={t('sync.export.action')}
            isQuiet
            onRun={() => {
              setIsAsking(true);
            }}
          />
        )}
        <ActionButton command="helpPackage" label={t('sync.help.action')} isQuiet onRun={makeHelp} isBusy={help.startedAtMs !== null} />
        {help.startedAtMs !== null && <Busy text={t('sync.help.making')} sinceMs={help.startedAtMs} />}
      </>
    ),
    notes: (
      <>
        {isAsking && (
          <ExportDialog
            onClose={() => {
              setIsAsking(false);
            }}
            onDone={(done) => {
              setIsAsking(false);
              setPacked(null);
              setExported(done);
            }}
          />
        )}
        <FailureNote failure={help.failure} onRetry={makeHelp} />
        {exported !== null && (
          <Note tone="good" role="status">
            <p>
              {t('sync.export.done', {
                acts: formatNumber(exported.acts, 0, language),
                files: formatNumber(exported.attachments, 0, language),
                size: formatBytes(exported.sizeBytes, language),
              })}
            </p>
            <p className="mono small">{t('sync.export.file', { file: exported.file })}</p>
            <p className="mono small">{t('sync.export.hash', { hash: exported.sha256 })}</p>
          </Note>
        )}
        {packed !== null && (
          <Note tone="good" role="status">
            <p>{t('sync.help.done', { size: formatBytes(packed.sizeBytes, language) })}</p>
            <p className="mono small">{t('sync.export.file', { file: packed.file })}</p>
          </Note>
        )}
      </>
    ),
  };
}

/** Names how many acts leave the desk, and where to, before they do. */
function ExportDialog({ onClose, onDone }: { readonly onClose: () => void; readonly onDone: (done: ExportedData) => void }) {
  const texts = useTexts();
  const { t, language } = texts;
  const act = useAct();
  const isWriting = act.startedAtMs !== null;
  const query = useQuery(queries.sync.exportState.queryOptions({ refetchInterval: lookAgainMs, gcTime: 0 }));
  const data: ExportStateData | undefined = query.data;
  const write = (): void => {
    if (data === undefined) return;
    void act
      .run(() => desk.sync.exportQueue({ acts: data.acts }))
      .then(async (done) => {
        await queryClient.invalidateQueries({ queryKey: queries.sync.key() });
        if (done !== undefined) onDone(done);
      });
  };
  const acts = formatNumber(data?.acts ?? 0, 0, language);
  const progress = data?.progress ?? null;
  return (
    <ConfirmDialog
      isOpen
      title={t('sync.export.title')}
      onClose={onClose}
      size="lg"
      confirmLabel={t('sync.export.confirm', { acts })}
      onConfirm={write}
      isDanger={false}
      isDisabled={data === undefined || data.stop !== null}
      isBusy={isWriting}
    >
      {data !== undefined && (
        <>
          {data.stop === null ? (
            <p>
              {t('sync.export.what', {
                acts,
                files: formatNumber(data.attachments, 0, language),
                size: formatBytes(data.attachmentBytes, language),
              })}
            </p>
          ) : (
            <Note tone="attention">{sayCode(texts, data.stop)}</Note>
          )}
          <p className="mono small">{t('sync.export.where', { folder: data.folder })}</p>
          <p className="quiet">{t('sync.export.stays')}</p>
        </>
      )}
      {isWriting && (
        <p>
          <Busy text={t('sync.export.writing')} sinceMs={act.startedAtMs} />{' '}
          {progress !== null && progress.totalBytes > 0 && (
            <span className="num">
              {t('sync.export.progress', {
                done: formatBytes(progress.doneBytes, language),
                total: formatBytes(progress.totalBytes, language),
              })}
            </span>
          )}
        </p>
      )}
      <FailureNote failure={act.failure} onRetry={write} />
    </ConfirmDialog>
  );
}
