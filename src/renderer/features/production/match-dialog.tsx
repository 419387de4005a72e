import { TextInput } from '@mantine/core';
import { useRef, useState, type RefObject } from 'react';
import type { ProductionRow } from '../../../shared/contract/production.ts';
import { announce } from '../../app/announce.ts';
import { useTexts } from '../../app/text.ts';
import { desk, queries, queryClient, useAct } from '../../desk-client/index.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { ActionButton } from '../../ui/main-button.tsx';
import { Note } from '../../ui/signal.tsx';
import { ScrapDialog } from './scrap-dialog.tsx';

/** Two barcodes for each pair; a scanner ends each with Enter, so the hand never leaves it. Source: PRS-06, PRS-07, M-18 */
export function MatchDialog({ rows, onClose }: { readonly rows: readonly ProductionRow[]; readonly onClose: () => void }) {
  const { t } = useTexts();
  return (
    <Dialog isOpen title={t('production.matchTitle')} size="lg" onClose={onClose}>
      <MatchForm rows={rows} />
    </Dialog>
  );
}

function MatchForm({ rows }: { readonly rows: readonly ProductionRow[] }) {
  const { t } = useTexts();
  const act = useAct();
  const [card, setCard] = useState('');
  const [envelope, setEnvelope] = useState('');
  const [done, setDone] = useState('');
  const [scrapping, setScrapping] = useState<{ readonly runId: string; readonly serial: string } | null>(null);
  const cardField = useRef<HTMLInputElement>(null);
  const envelopeField = useRef<HTMLInputElement>(null);
  const again = (): void => {
    setCard('');
    setEnvelope('');
    cardField.current?.focus();
  };
  const match = (): void => {
    if (card.trim() === '') {
      cardField.current?.focus();
      return;
    }
    const scanned = card.trim().toUpperCase();
    void act
      .run((commandId) => desk.production.match({ commandId, card: scanned, envelope }))
      .then(async (answer) => {
        if (answer === undefined) {
          setDone('');
          setEnvelope('');
          envelopeField.current?.focus();
          return;
        }
        const { holderName: name, officeName: office, left } = answer;
        const said = t('production.matchDone', { serial: scanned, name, office, left });
        setDone(said);
        announce(said);
        again();
        await queryClient.invalidateQueries({ queryKey: queries.production.key() });
      });
  };
  const wrong = act.failure?.code === 'M-18' ? rows.find(({ run }) => run?.cardSerial === card.trim().toUpperCase())?.run : undefined;
  return (
    <div className="col">
      <ScanField
        label={t('production.matchCard')}
        value={card}
        field={cardField}
        hasAutoFocus
        onChange={setCard}
        onEnter={() => envelopeField.current?.focus()}
      />
      <ScanField label={t('production.matchEnvelope')} value={envelope} field={envelopeField} onChange={setEnvelope} onEnter={match} />
      {done !== '' && act.failure === null && <Note tone="good">{done}</Note>}
      <FailureNote failure={act.failure} />
      {wrong !== undefined && wrong !== null && (
        <div className="row">
          <ActionButton
            command="scrapCard"
            isDanger
            label={t('production.matchScrap')}
            onRun={() => setScrapping({ runId: wrong.runId, serial: wrong.cardSerial })}
          />
        </div>
      )}
      {scrapping !== null && <ScrapDialog {...scrapping} reason="envelope_mismatch" onDone={again} onClose={() => setScrapping(null)} />}
    </div>
  );
}

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly field: RefObject<HTMLInputElement | null>;
  readonly hasAutoFocus?: boolean;
  readonly onChange: (value: string) => void;
  readonly onEnter: () => void;
}

function ScanField({ label, value, field, hasAutoFocus = false, onChange, onEnter }: FieldProps) {
  return (
    <TextInput
      ref={field}
      label={label}
      value={value}
      maxLength={40}
      autoComplete="off"
      {...(hasAutoFocus ? { 'data-autofocus': true } : {})}
      onChange={(event) => onChange(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter') return;
        event.preventDefault();
        onEnter();
      }}
    />
  );
}
