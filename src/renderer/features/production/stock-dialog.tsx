import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { BlankView } from '../../../shared/contract/production.ts';
import { cardSerialSchema, spoilReasons } from '../../../shared/registry-api/card-commands.ts';
import { useTexts } from '../../app/text.ts';
import { desk, queries, queryClient, useAct } from '../../desk-client/index.ts';
import { DataList, type Column } from '../../ui/data-list.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { ActionButton } from '../../ui/main-button.tsx';
import { QueryGate } from '../../ui/query-gate.tsx';
import { Note } from '../../ui/signal.tsx';

/** Blank cards by serial: a delivery is scanned or pasted, a useless card written off with its reason. Source: PRS-01 */
export function StockDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTexts();
  return (
    <Dialog isOpen title={t('production.stockTitle')} size="xl" onClose={onClose}>
      <Stock />
    </Dialog>
  );
}

const refresh = (): Promise<void> => queryClient.invalidateQueries({ queryKey: queries.production.key() });

function Stock() {
  const { t } = useTexts();
  const query = useQuery(queries.production.stock.queryOptions());
  const [selected, setSelected] = useState<BlankView | undefined>(undefined);
  return (
    <div className="col">
      <TakeIn />
      <QueryGate query={query}>
        {({ counts, rows }) => (
          <>
            <p className="num">{t('production.stock.counts', { free: counts.free, used: counts.used, off: counts.written_off })}</p>
            <div style={{ height: 260, display: 'flex', flexDirection: 'column' }}>
              <DataList
                name="card-stock"
                label={t('production.stock.list')}
                rows={rows}
                columns={columnsOf(t)}
                rowKey={(row) => row.serial}
                onSelect={setSelected}
                empty={t('production.stock.empty')}
              />
            </div>
            <WriteOff blank={rows.find(({ serial, state }) => serial === selected?.serial && state === 'free')} />
          </>
        )}
      </QueryGate>
    </div>
  );
}

/** A scanner ends each serial with Enter, a list has one in each line. */
function readSerials(text: string): { readonly serials: string[]; readonly wrong: string[] } {
  const words = [
    ...new Set(
      text
        .toUpperCase()
        .split(/[\s,;]+/u)
        .filter((word) => word !== ''),
    ),
  ];
  const isRight = (word: string): boolean => cardSerialSchema.safeParse(word).success;
  return { serials: words.filter(isRight), wrong: words.filter((word) => !isRight(word)) };
}

function TakeIn() {
  const { t } = useTexts();
  const act = useAct();
  const [deliveryId, setDeliveryId] = useState('');
  const [text, setText] = useState('');
  const [answer, setAnswer] = useState<{ readonly taken: number; readonly known: readonly string[] } | null>(null);
  const { serials, wrong } = readSerials(text);
  const isReady = deliveryId.trim() !== '' && serials.length > 0 && wrong.length === 0;
  const takeIn = (): void => {
    void act
      .run((commandId) => desk.production.takeIn({ commandId, deliveryId: deliveryId.trim(), serials, note: '' }))
      .then(async (taken) => {
        if (taken === undefined) return;
        setAnswer(taken);
        setText('');
        setDeliveryId('');
        await refresh();
      });
  };
  return (
    <div className="col">
      <div className="row" style={{ alignItems: 'flex-end' }}>
        <TextInput
          label={t('production.stock.delivery')}
          value={deliveryId}
          maxLength={60}
          data-autofocus
          onChange={(event) => setDeliveryId(event.currentTarget.value)}
        />
        <Textarea
          label={t('production.stock.serials')}
          value={text}
          rows={2}
          style={{ flex: 1 }}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <span className="num quiet">{t('production.stock.read', { n: serials.length })}</span>
        <ActionButton label={t('production.stock.takeIn')} isDisabled={!isReady} isBusy={act.startedAtMs !== null} onRun={takeIn} />
      </div>
      {wrong.length > 0 && <Note tone="attention">{t('production.stock.wrong', { list: wrong.slice(0, 5).join(', ') })}</Note>}
      {answer !== null && (
        <Note tone="good">
          {t('production.stock.taken', { n: answer.taken })}
          {answer.known.length > 0 && <> {t('production.stock.known', { list: answer.known.slice(0, 10).join(', ') })}</>}
        </Note>
      )}
      <FailureNote failure={act.failure} onRetry={takeIn} />
    </div>
  );
}

function WriteOff({ blank }: { readonly blank: BlankView | undefined }) {
  const { t } = useTexts();
  const act = useAct();
  const [reason, setReason] = useState<(typeof spoilReasons)[number]>('damaged');
  const writeOff = (): void => {
    if (blank === undefined) return;
    void act.run((commandId) => desk.production.writeOff({ commandId, serial: blank.serial, reason, note: '' })).then(refresh);
  };
  return (
    <div className="row">
      <span className="mono">{blank?.serial ?? ''}</span>
      <NativeSelect
        aria-label={t('production.reason')}
        value={reason}
        data={spoilReasons.map((value) => ({ value, label: t(`production.reason.${value}`) }))}
        onChange={(event) => {
          const { value } = event.currentTarget;
          setReason(spoilReasons.find((one) => one === value) ?? 'damaged');
        }}
      />
      <ActionButton
        command="scrapCard"
        isQuiet
        label={t('production.stock.writeOff')}
        isDisabled={blank === undefined}
        isBusy={act.startedAtMs !== null}
        onRun={writeOff}
      />
      <FailureNote failure={act.failure} />
    </div>
  );
}

function columnsOf(t: ReturnType<typeof useTexts>['t']): readonly Column<BlankView>[] {
  return [
    {
      id: 'serial',
      header: t('production.stock.serial'),
      width: '200px',
      value: (row) => row.serial,
      cell: (row) => <span className="mono">{row.serial}</span>,
    },
    { id: 'delivery', header: t('production.stock.delivery'), width: '1fr', value: (row) => row.deliveryId, cell: (row) => row.deliveryId },
    {
      id: 'state',
      header: t('production.state'),
      width: '1fr',
      value: (row) => t(`production.stock.state.${row.state}`),
      cell: (row) => t(`production.stock.state.${row.state}`),
    },
    {
      id: 'reason',
      header: t('production.reason'),
      width: '1.4fr',
      value: (row) => row.reason,
      cell: (row) => {
        const reason = spoilReasons.find((one) => one === row.reason);
        return reason === undefined ? '' : t(`production.reason.${reason}`);
      },
    },
  ];
}
