import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import type { ApplicationView } from '../../../shared/contract/application.ts';
import { announce } from '../../app/announce.ts';
import { useCommand } from '../../app/commands.ts';
import { useMay } from '../../app/session.ts';
import { useTexts } from '../../app/text.ts';
import { queries, queryClient, useAct } from '../../desk-client/index.ts';
import { FailureNote } from '../../ui/failure-note.tsx';
import { KeyHint, shortcutOf } from '../../ui/key-hint.tsx';
import { Signal } from '../../ui/signal.tsx';
import { uploadScan } from './scan-upload.ts';

/** The portrait for the card: the register's, or a file that goes through the checks of every scan and stays with the case. Source: AID-07 */
export function PhotoPanel({ view }: { readonly view: ApplicationView }) {
  const { t } = useTexts();
  const { applicationId } = view;
  const canCapture = useMay()('scan.capture');
  const limits = useQuery(queries.scan.limits.queryOptions({ staleTime: Infinity })).data;
  const scans = useQuery(queries.scan.list.queryOptions({ input: { applicationId } })).data ?? [];
  const picker = useRef<HTMLInputElement>(null);
  const act = useAct();
  const loaded = scans.find(({ document }) => document === 'photo');
  const hasPhoto = view.card?.hasPhoto === true;
  const isEditable = ['DRAFT', 'CHECKING', 'INVALID'].includes(view.state);
  const choose = (): void => picker.current?.click();
  useCommand('attach', choose, { isEnabled: canCapture && isEditable, label: t('keys.attach') });
  const load = (file: File | undefined): void => {
    if (file === undefined) return;
    void act
      .run((commandId) =>
        uploadScan({
          commandId,
          applicationId,
          document: 'photo',
          file,
          limits,
          signal: new AbortController().signal,
          onProgress: () => undefined,
        }),
      )
      .then(async (scan) => {
        await queryClient.invalidateQueries({ queryKey: queries.scan.key() });
        await queryClient.invalidateQueries({ queryKey: queries.application.get.key({ input: { applicationId } }) });
        if (scan !== undefined && scan !== null) announce(t('case.photoLoaded'));
      });
  };
  return (
    <fieldset>
      <legend>{t('case.step.photo')}</legend>
      <div className="row">
        <Signal tone={hasPhoto ? 'good' : 'wait'}>
          {t(loaded !== undefined ? 'case.photoLoaded' : hasPhoto ? 'case.photoFromRegister' : 'case.photoMissing')}
        </Signal>
        {canCapture && isEditable && (
          <Button
            variant="default"
            data-field="photo"
            data-open={hasPhoto ? undefined : true}
            aria-keyshortcuts={shortcutOf('attach')}
            loading={act.startedAtMs !== null}
            onClick={choose}
          >
            {t('case.photoChoose')}
            <KeyHint id="attach" />
          </Button>
        )}
        <input
          ref={picker}
          type="file"
          hidden
          aria-label={t('case.photoChoose')}
          accept="image/jpeg,image/png"
          onChange={(event) => {
            load(event.currentTarget.files?.[0]);
            event.currentTarget.value = '';
          }}
        />
      </div>
      {!hasPhoto && <p className="quiet small">{t('case.photoHint')}</p>}
      <FailureNote failure={act.failure} />
    </fieldset>
  );
}
