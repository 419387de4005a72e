import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { announce } from '../../app/announce.ts';
import { useTexts } from '../../app/text.ts';
import { queries, queryClient, useAct } from '../../desk-client/index.ts';
import { FailureNote } from '../../ui/failure-note.tsx';
import { ActionButton } from '../../ui/main-button.tsx';
import { Signal } from '../../ui/signal.tsx';
import { uploadScan } from '../case/index.ts';

/** The signed contract, as a file from the scanner. Source: PIN-09 */
export function ScanContract({ requestId, isScanned }: { readonly requestId: string; readonly isScanned: boolean }) {
  const { t } = useTexts();
  const limits = useQuery(queries.scan.limits.queryOptions({ staleTime: Infinity })).data;
  const picker = useRef<HTMLInputElement>(null);
  const act = useAct();
  const add = (file: File): void => {
    const abort = new AbortController();
    void act
      .run((commandId) =>
        uploadScan({
          commandId,
          applicationId: requestId,
          document: 'contract',
          file,
          limits,
          signal: abort.signal,
          onProgress: () => undefined,
        }),
      )
      .then(async (scan) => {
        await queryClient.invalidateQueries({ queryKey: queries.pinRequest.key() });
        if (scan !== undefined) announce(t('pins.scanned'));
      });
  };
  return (
    <div className="row">
      <ActionButton
        command="attach"
        isQuiet={isScanned}
        label={t('pins.addScan')}
        isBusy={act.startedAtMs !== null}
        onRun={() => picker.current?.click()}
      />
      {isScanned && <Signal tone="good">{t('pins.scanned')}</Signal>}
      <FailureNote failure={act.failure} />
      <input
        ref={picker}
        type="file"
        hidden
        aria-label={t('pins.addScan')}
        accept="application/pdf,image/jpeg,image/png"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          if (file !== undefined) add(file);
          event.currentTarget.value = '';
        }}
      />
    </div>
  );
}
