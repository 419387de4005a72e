import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { BatchViewData, ProductionRow } from '../../../shared/contract/production.ts';
import { formatMeasuredDuration } from '../../app/format.ts';
import { sayCode } from '../../app/say.ts';
import { useTexts } from '../../app/text.ts';
import { desk, useAct } from '../../desk-client/index.ts';
import { FailureNote } from '../../ui/failure-note.tsx';
import { ActionButton } from '../../ui/main-button.tsx';
import { Note } from '../../ui/signal.tsx';
import { HalfCard } from './half-card.tsx';

interface Props {
  readonly batch: BatchViewData;
  readonly rows: readonly ProductionRow[];
  readonly onChanged: () => void;
}

/** What the hand has to do now, in one sentence that is also spoken, and how far the batch is. */
export function BatchPanel({ batch, rows, onChanged }: Props) {
  const texts = useTexts();
  const { t } = texts;
  const act = useAct();
  const made = batch.items.filter(({ state }) => state === 'made').length;
  const left = batch.items.filter(({ state }) => state === 'left').length;
  const isRunning = batch.state === 'running';
  const { prompt } = batch;
  const decided = prompt.kind === 'decide' ? rows.find(({ run }) => run?.runId === prompt.runId) : undefined;
  const turn = (): void => {
    void act
      .run((commandId) => (isRunning ? desk.production.pauseBatch({ commandId }) : desk.production.resumeBatch({ commandId })))
      .then(onChanged);
  };
  const stop = (): void => {
    void act.run((commandId) => desk.production.stopBatch({ commandId })).then(onChanged);
  };
  return (
    <section className="panel" aria-label={t('production.batch')}>
      <div className="col">
        <div className="row">
          <strong>{t('production.batch')}</strong>
          <span className="num">{t('production.batch.progress', { made, all: batch.items.length })}</span>
          <progress value={made} max={batch.items.length} aria-label={t('production.batch.progress', { made, all: batch.items.length })} />
          {left > 0 && <span className="num">{t('production.batch.left', { n: left })}</span>}
          {batch.remainingMs !== null && made + left < batch.items.length && (
            <span className="quiet">
              {t('production.batch.remaining', { time: formatMeasuredDuration(batch.remainingMs, texts.language) })}
            </span>
          )}
          <span className="quiet">{t(`production.batch.state.${batch.state}`)}</span>
          <span className="push" />
          <ActionButton
            command="pauseBatch"
            isQuiet
            label={t(isRunning ? 'production.batch.pause' : 'production.batch.resume')}
            isBusy={act.startedAtMs !== null}
            onRun={turn}
          />
          {!isRunning && <ActionButton command="leaveCard" isQuiet label={t('production.batch.stop')} onRun={stop} />}
        </div>
        <FailureNote failure={act.failure} />
        <div aria-live="polite">
          <Prompt batch={batch} rows={rows} />
        </div>
        {isRunning && decided?.run && <HalfCard key={decided.run.runId} row={decided} isInBatch onChanged={onChanged} />}
        {isRunning && prompt.kind === 'insert' && <SerialField key={prompt.serial} />}
      </div>
    </section>
  );
}

function Prompt({ batch, rows }: Pick<Props, 'batch' | 'rows'>) {
  const texts = useTexts();
  const { t } = texts;
  const { prompt, state } = batch;
  if (state !== 'running' || prompt.kind === 'none') return prompt.kind === 'refused' ? <Refused {...prompt.failure} /> : null;
  switch (prompt.kind) {
    case 'insert':
    case 'working': {
      const row = rows.find(({ applicationId }) => applicationId === prompt.applicationId);
      const who = row === undefined ? '' : ` · ${t('production.prompt.for', { name: row.holderName })} · ${row.officeName}`;
      const run = prompt.kind === 'working' ? row?.run : undefined;
      const step =
        run?.step === null || run?.step === undefined ? '' : ` · ${run.stepsDone}/${run.stepCount} ${t(`production.step.${run.step}`)}`;
      return (
        <Note tone={prompt.kind === 'insert' ? 'attention' : 'wait'}>
          <strong>{t(`production.prompt.${prompt.kind}`, { serial: prompt.serial })}</strong>
          {who}
          <span className="num">{step}</span>
        </Note>
      );
    }
    case 'refused':
      return <Refused {...prompt.failure} />;
    case 'decide':
      return (
        <Note tone="attention">
          <strong>{t('production.prompt.decide')}</strong>
          {prompt.failure !== null && <> {sayCode(texts, prompt.failure.code, prompt.failure.params)}</>}
        </Note>
      );
    case 'remove':
      return <Note tone="good">{t('production.prompt.remove')}</Note>;
    case 'no_stock':
      return <Note tone="attention">{t('production.prompt.no_stock')}</Note>;
  }
}

function Refused({ code, params }: { readonly code: string; readonly params: Readonly<Record<string, string | number>> }) {
  const texts = useTexts();
  return <Note tone="stop">{sayCode(texts, code, params)}</Note>;
}

/** The card in the hand is not the next of the pack: its barcode says which one it is. */
function SerialField() {
  const { t } = useTexts();
  const act = useAct();
  const [serial, setSerial] = useState('');
  return (
    <form
      className="row"
      onSubmit={(event) => {
        event.preventDefault();
        const typed = serial.trim().toUpperCase();
        if (typed === '') return;
        void act
          .run(() => desk.production.chooseSerial({ serial: typed }))
          .then((answer) => {
            if (answer !== undefined) setSerial('');
          });
      }}
    >
      <TextInput
        aria-label={t('production.scanSerial')}
        placeholder={t('production.scanSerial')}
        value={serial}
        w={320}
        maxLength={16}
        onChange={(event) => setSerial(event.currentTarget.value)}
      />
      <FailureNote failure={act.failure} />
    </form>
  );
}
