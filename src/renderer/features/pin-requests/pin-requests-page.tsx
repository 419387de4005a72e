import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { PinRequestRow, ShownIdentity } from '../../../shared/contract/pin-request.ts';
import { formatDateTime } from '../../app/format.ts';
import { useMay } from '../../app/session.ts';
import { useTexts } from '../../app/text.ts';
import { desk, queries, queryClient, useAct } from '../../desk-client/index.ts';
import { DataList, type Column } from '../../ui/data-list.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { ActionButton } from '../../ui/main-button.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryGate } from '../../ui/query-gate.tsx';
import { Signal } from '../../ui/signal.tsx';
import { SyncState } from '../../ui/sync-word.tsx';
import { DispatchDialog } from './dispatch-dialog.tsx';
import { IdentityForm } from './identity-form.tsx';

/** Requests for new codes of the office; at the centre those that arrived. Source: PIN-01, PIN-10, PIN-11, T-04, T-05 */
export function PinRequestsPage() {
  const { t } = useTexts();
  const may = useMay();
  const navigate = useNavigate();
  const query = useQuery(queries.pinRequest.list.queryOptions({ input: {}, refetchInterval: 30_000 }));
  const [isNew, setNew] = useState(false);
  const [packageNumber, setPackageNumber] = useState<string | null>(null);
  const act = useAct();
  const open = (requestId: string): void => void navigate({ to: '/pin-requests/$requestId', params: { requestId } });
  const begin = (identity: ShownIdentity): void => {
    void act
      .run((commandId) => desk.pinRequest.begin({ commandId, identity }))
      .then((answer) => {
        if (answer !== undefined) open(answer.request.requestId);
      });
  };
  const pack = (purpose: 'pin_documents' | 'pin_envelopes', requestIds: string[]): void => {
    void act
      .run((commandId) => desk.pinRequest.preparePackage({ commandId, purpose, requestIds }))
      .then(async (answer) => {
        if (answer === undefined) return;
        await queryClient.invalidateQueries({ queryKey: queries.pinRequest.key() });
        setPackageNumber(answer.packageNumber);
      });
  };
  const columns: readonly Column<PinRequestRow>[] = [
    {
      id: 'filed',
      header: t('pins.filedAt'),
      width: '140px',
      value: (row) => row.filedAtMs,
      cell: (row) => <span className="num">{formatDateTime(row.filedAtMs)}</span>,
    },
    { id: 'person', header: t('pins.person'), width: '1.2fr', value: (row) => row.personMasked, cell: (row) => row.personMasked },
    {
      id: 'card',
      header: t('pins.card'),
      width: '170px',
      value: (row) => row.cardSerial,
      cell: (row) => <span className="mono">{row.cardSerial}</span>,
    },
    { id: 'office', header: t('pins.office'), width: '1fr', value: (row) => row.officeName, cell: (row) => row.officeName },
    {
      id: 'state',
      header: t('pins.state'),
      width: '1fr',
      value: (row) => t(`pins.state.${row.state}`),
      cell: (row) => (
        <Signal tone={row.state === 'REFUSED' ? 'stop' : row.state === 'HANDED' || row.state === 'ARCHIVED' ? 'good' : 'wait'}>
          {t(`pins.state.${row.state}`)}
        </Signal>
      ),
    },
    {
      id: 'due',
      header: t('pins.due'),
      width: '1.2fr',
      value: (row) => row.dueAtMs ?? 0,
      cell: (row) =>
        row.dueAtMs === null ? null : row.isBreached ? (
          <Signal tone="stop">{t('pins.breached', { time: formatDateTime(row.dueAtMs) })}</Signal>
        ) : (
          <span className="num">{formatDateTime(row.dueAtMs)}</span>
        ),
    },
    {
      id: 'sync',
      header: t('list.sync'),
      width: '1fr',
      value: (row) => t(`states.sync.${row.sync}`),
      cell: (row) => <SyncState word={row.sync} />,
    },
  ];
  return (
    <Page title={t('pins.title')} fills>
      <FailureNote failure={act.failure} />
      <QueryGate query={query}>
        {(data) => {
          const scanned = data.rows.filter((row) => row.state === 'SCANNED' && row.packageNumber === '').map((row) => row.requestId);
          const ready = data.rows.filter((row) => row.state === 'READY_AT_CENTRE' && row.backPackageNumber === '');
          // One package has one address: the oldest request says which.
          const oldest = ready.at(-1);
          const back = ready.filter((row) => row.officeName === oldest?.officeName).map((row) => row.requestId);
          return (
            <DataList
              name="pin-requests"
              label={t('pins.list')}
              rows={data.rows}
              columns={columns}
              rowKey={(row) => row.requestId}
              onOpen={(row) => {
                open(row.requestId);
              }}
              empty={t('pins.empty')}
              hasAutoFocus
              isRoomy
              tools={
                <>
                  {may('pin.reissue') && (
                    <ActionButton
                      label={t('pins.new')}
                      onRun={() => {
                        setNew(true);
                      }}
                    />
                  )}
                  {may('pin.reissue') && (
                    <ActionButton
                      command="attach"
                      isQuiet
                      label={t('pins.makePackage', { n: scanned.length })}
                      isDisabled={scanned.length === 0}
                      isBusy={act.startedAtMs !== null}
                      onRun={() => {
                        pack('pin_documents', scanned);
                      }}
                    />
                  )}
                  {may('card.dispatch') && (
                    <ActionButton
                      command="attach"
                      isQuiet
                      label={t('pins.makeBackPackage', { n: back.length })}
                      isDisabled={back.length === 0}
                      isBusy={act.startedAtMs !== null}
                      onRun={() => {
                        pack('pin_envelopes', back);
                      }}
                    />
                  )}
                </>
              }
            />
          );
        }}
      </QueryGate>
      {isNew && (
        <Dialog
          isOpen
          title={t('pins.new')}
          size="lg"
          onClose={() => {
            setNew(false);
          }}
        >
          <IdentityForm label={t('pins.begin')} isBusy={act.startedAtMs !== null} onSend={begin} />
          <FailureNote failure={act.failure} />
        </Dialog>
      )}
      {packageNumber !== null && (
        <DispatchDialog
          packageNumber={packageNumber}
          onClose={() => {
            setPackageNumber(null);
          }}
        />
      )}
    </Page>
  );
}
