import { Button, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import type { ApplicationView } from '../../../shared/contract/application.ts';
import type { ScanView } from '../../../shared/contract/scan.ts';
import { listRequiredDocuments } from '../../../shared/rules/document-matrix.ts';
import { firstScanStates, isScanSetOpen, maySeeScans } from '../../../shared/rules/scan-sight.ts';
import { documentCodes } from '../../../shared/rules/vocabulary.ts';
import { announce } from '../../app/announce.ts';
import { formatBytes } from '../../app/format.ts';
import { useMay } from '../../app/session.ts';
import { useTexts } from '../../app/text.ts';
import { desk, queries, queryClient, useAct } from '../../desk-client/index.ts';
import { FailureNote } from '../../ui/failure-note.tsx';
import { ActionButton } from '../../ui/main-button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Signal } from '../../ui/signal.tsx';
import { ScanPreview } from './scan-preview.tsx';
import { uploadScan, type UploadProgress } from './scan-upload.ts';
import { useCaseAct } from './use-case-act.ts';

type ScanDocument = ScanView['document'];

/**
 * Which papers of this case must be scanned; the SIM itself is no paper, and certificate and notice went to their holder. Source: SIM-15, SIM-17,
 * SIM-18, COM-10
 */
function documentsToScan(view: ApplicationView): ScanDocument[] {
  const shown = listRequiredDocuments(view.data)
    .map((one): ScanDocument => one.code)
    .filter((code) => code !== 'D-10');
  return firstScanStates.includes(view.state) ? shown : [...shown, 'contract'];
}

const extra: readonly ScanDocument[] = ['certificate', 'notice', 'other'];

export function ScansStep({ view }: { readonly view: ApplicationView }) {
  const { t, language, find } = useTexts();
  const may = useMay();
  const { applicationId } = view;
  const limits = useQuery(queries.scan.limits.queryOptions({ staleTime: Infinity })).data;
  const listed = useQuery(queries.scan.list.queryOptions({ input: { applicationId } }));
  const isListed = listed.data !== undefined;
  const scans = listed.data ?? [];
  const wanted = documentsToScan(view);
  const next = wanted.find((document) => !scans.some((scan) => scan.document === document)) ?? 'other';
  const [chosen, setChosen] = useState<ScanDocument | null>(null);
  const [isOver, setOver] = useState(false);
  const [progress, setProgress] = useState<UploadProgress | null>(null);
  const picker = useRef<HTMLInputElement>(null);
  const cancel = useRef<AbortController | null>(null);
  const upload = useAct();
  const send = useCaseAct();
  const document = chosen ?? next;
  const nameOf = (one: ScanDocument): string => find(`terms.document.${one}`, {}, find(`scan.document.${one}`));

  // What comes while a file is on its way waits its turn; each takes the kind that is missing when its turn comes.
  const [waiting, setWaiting] = useState<readonly File[]>([]);
  const isUploading = useRef(false);
  const add = (files: readonly File[]): void => {
    setWaiting((now) => [...now, ...files]);
  };
  const uploadNext = useEffectEvent(async (file: File) => {
    if (isUploading.current) return;
    isUploading.current = true;
    const abort = new AbortController();
    cancel.current = abort;
    const scan = await upload.run((commandId) =>
      uploadScan({ commandId, applicationId, document, file, limits, signal: abort.signal, onProgress: setProgress }),
    );
    await queryClient.invalidateQueries({ queryKey: queries.scan.key() });
    await queryClient.invalidateQueries({ queryKey: queries.application.get.key({ input: { applicationId } }) });
    if (scan !== undefined && scan !== null) announce(t('scan.said.added', { document: nameOf(document) }));
    isUploading.current = false;
    setProgress(null);
    setChosen(null);
    // After a failure the rest waits no longer: its kinds would be shifted by the one that is missing.
    setWaiting((now) => (scan === undefined ? [] : now.slice(1)));
  });
  const first = waiting[0];
  useEffect(() => {
    // Which kind is missing is known only with the list.
    if (first !== undefined && isListed) void uploadNext(first);
  }, [first, isListed]);
  const canCapture = may('scan.capture');
  // Of a card the hand-over begins a second set.
  const ofSet =
    view.card === null ? view.timeline : view.timeline.slice(view.timeline.findLastIndex(({ act }) => act === 'application.hand_over') + 1);
  const areScansSent = ofSet.some(({ act, sync }) => act === 'application.send_scans' && sync !== 'refused');
  const areEntered = ofSet.some(({ act, sync }) => act === 'application.enter_scans' && sync !== 'refused');
  const canLook = maySeeScans(may, { state: view.state, areScansSent });
  const areCaptured = wanted.every((one) => scans.some((scan) => scan.document === one));
  const areSent = (view.card === null || areScansSent) && scans.length > 0 && scans.every((scan) => scan.state === 'uploaded');
  const isOpen = isScanSetOpen(view.state) && !areEntered;
  return (
    <>
      {limits !== undefined && (
        <p className="quiet">{t('scan.limits', { size: formatBytes(limits.maxBytes, language), pages: limits.maxPages })}</p>
      )}
      {canCapture && (
        <div
          className="drop row"
          data-over={isOver || undefined}
          onDragOver={(event) => {
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => {
            setOver(false);
          }}
          onDrop={(event) => {
            event.preventDefault();
            setOver(false);
            add([...event.dataTransfer.files]);
          }}
          onPaste={(event) => {
            add([...event.clipboardData.files]);
          }}
          role="group"
          aria-label={t('scan.add')}
        >
          <NativeSelect
            aria-label={t('scan.kind')}
            value={document}
            data={[...wanted, ...extra].map((one) => ({ value: one, label: nameOf(one) }))}
            onChange={(event) => {
              const { value } = event.currentTarget;
              setChosen(
                [...documentCodes, 'contract' as const, 'certificate' as const, 'notice' as const, 'other' as const, 'photo' as const].find(
                  (one) => one === value,
                ) ?? null,
              );
            }}
          />
          <ActionButton command="attach" isQuiet label={t('scan.choose')} onRun={() => picker.current?.click()} />
          <span className="quiet">{t('scan.dropHint')}</span>
          <input
            ref={picker}
            type="file"
            hidden
            aria-label={t('scan.choose')}
            accept="application/pdf,image/jpeg,image/png"
            multiple
            onChange={(event) => {
              add([...(event.currentTarget.files ?? [])]);
              event.currentTarget.value = '';
            }}
          />
        </div>
      )}
      {progress !== null && (
        <div className="row" role="status">
          <progress max={progress.totalBytes} value={progress.sentBytes} aria-label={progress.fileName} />
          <span className="num">
            {progress.fileName} · {formatBytes(progress.sentBytes, language)} / {formatBytes(progress.totalBytes, language)}
          </span>
          <Button variant="default" onClick={() => cancel.current?.abort()}>
            {t('frame.cancel')}
          </Button>
        </div>
      )}
      <FailureNote failure={upload.failure} />
      <table className="plain" aria-label={t('scan.list')}>
        <tbody>
          {wanted.map((one) => {
            const own = scans.filter((scan) => scan.document === one);
            return (
              <tr key={one}>
                <td className={own.length > 0 ? 'tone-good' : 'quiet'}>
                  {own.length > 0 ? <Icon name="check" /> : <span aria-hidden="true">○</span>}
                </td>
                <th scope="row">{nameOf(one)}</th>
                <td>
                  {!isListed ? null : own.length === 0 ? (
                    <span className="quiet">{t('scan.missing')}</span>
                  ) : (
                    own.map((scan) => <ScanLine key={scan.scanId} scan={scan} name={nameOf(one)} canLook={canLook} />)
                  )}
                </td>
              </tr>
            );
          })}
          {scans
            .filter((scan) => !wanted.includes(scan.document))
            .map((scan) => (
              <tr key={scan.scanId}>
                <td className="tone-good">
                  <Icon name="check" />
                </td>
                <th scope="row">{nameOf(scan.document)}</th>
                <td>
                  <ScanLine scan={scan} name={nameOf(scan.document)} canLook={canLook} />
                </td>
              </tr>
            ))}
        </tbody>
      </table>
      <FailureNote failure={send.failure} />
      {isOpen && may('scan.send') && !areSent && (
        <ActionButton
          label={t('scan.send')}
          isBusy={send.startedAtMs !== null}
          isAwaiting={listed.isPending}
          isDisabled={!areCaptured}
          reason={t('reasons.SCANS_NOT_CAPTURED')}
          onRun={() => void send.run((commandId) => desk.application.sendScans({ commandId, applicationId }))}
        />
      )}
      {isOpen && may('scan.enter') && (areSent || !may('scan.send')) && (
        <ActionButton
          label={t('scan.enter')}
          isBusy={send.startedAtMs !== null}
          onRun={() => void send.run((commandId) => desk.application.enterScans({ commandId, applicationId }))}
        />
      )}
      {!isScanSetOpen(view.state) && view.state !== 'SCANNED' && <p className="quiet">{t('scan.early')}</p>}
    </>
  );
}

interface ScanLineProps {
  readonly scan: ScanView;
  /** Of the document: who sees cases masked does not read the name of the file. */
  readonly name: string;
  readonly canLook: boolean;
}
function ScanLine({ scan, name, canLook }: ScanLineProps) {
  const { t, language } = useTexts();
  const [isOpen, setOpen] = useState(false);
  const act = useAct();
  const canRemove = useMay()('scan.capture') && scan.state === 'stored';
  return (
    <div className="row">
      {scan.fileName !== '' && <span>{scan.fileName}</span>}
      <span className="quiet num">
        {formatBytes(scan.sizeBytes, language)} · {t('scan.pages', { n: scan.pageCount })}
      </span>
      <Signal tone={scan.state === 'uploaded' ? 'good' : scan.state === 'stored' ? 'neutral' : 'wait'}>
        {t(`scan.state.${scan.state}`)}
      </Signal>
      {canLook && (
        <Button
          variant="default"
          onClick={() => {
            setOpen(true);
          }}
        >
          {t('scan.look')}
        </Button>
      )}
      {canRemove && (
        <Button
          variant="default"
          onClick={() => {
            void act
              .run((commandId) => desk.scan.remove({ commandId, scanId: scan.scanId, reason: '' }))
              .then(() => queryClient.invalidateQueries({ queryKey: queries.scan.key() }));
          }}
        >
          {t('scan.remove')}
        </Button>
      )}
      <FailureNote failure={act.failure} />
      {isOpen && (
        <ScanPreview
          scan={scan}
          title={scan.fileName === '' ? name : scan.fileName}
          onClose={() => {
            setOpen(false);
          }}
        />
      )}
    </div>
  );
}
