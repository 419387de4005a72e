import { Checkbox, TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import type { PackageView } from '../../../shared/contract/package.ts';
import { useTexts, type Texts } from '../../app/text.ts';
import { desk } from '../../desk-client/index.ts';
import { DataList, type Column } from '../../ui/data-list.tsx';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { ActionButton } from '../../ui/main-button.tsx';
import { Note, Signal, type Tone } from '../../ui/signal.tsx';
import { figuresOf, useStop } from './arrival-steps.tsx';
import { soundCue } from './cue.ts';
import { OwnPapers } from './own-papers.tsx';
import type { PackageAct } from './use-package-act.ts';

/** One row of the count: a line of the package, or something that does not belong here. */
interface CountRow {
  readonly key: string;
  readonly side: 'line' | 'card' | 'envelope';
  readonly subject: string;
  readonly cardSerial: string;
  readonly envelopeNumber: string;
  readonly card: 'missing' | 'seen' | 'damaged' | '';
  readonly envelope: 'missing' | 'seen' | 'damaged' | '';
  readonly tone: Tone;
  readonly word: string;
  readonly isOpen: boolean;
}

function rowsOf(view: PackageView, texts: Texts): CountRow[] {
  const { t } = texts;
  const surplus = view.surplus.map((one): CountRow => {
    const isCard = one.side === 'card';
    return {
      key: `${one.side} ${one.code}`,
      side: one.side,
      subject: one.code,
      cardSerial: isCard ? one.code : '',
      envelopeNumber: isCard ? '' : one.code,
      card: isCard ? 'seen' : '',
      envelope: isCard ? '' : 'seen',
      tone: one.decision === 'none' ? 'stop' : 'attention',
      word: one.decision === 'none' ? t('packages.line.surplus') : t(`packages.line.${one.decision}`, { note: one.note }),
      isOpen: one.decision === 'none',
    };
  });
  const lines = view.lines.map((line): CountRow => {
    const isUntouched = line.card === 'missing' && line.envelope === 'missing' && line.decision === 'none';
    return {
      key: line.id,
      side: 'line',
      subject: line.id,
      cardSerial: line.cardSerial,
      envelopeNumber: line.envelopeNumber,
      card: line.card,
      envelope: line.envelopeNumber === '' ? '' : line.envelope,
      tone: line.isGreen ? 'good' : line.decision === 'none' ? (isUntouched ? 'neutral' : 'stop') : 'attention',
      word: line.isGreen
        ? t('packages.line.right')
        : line.decision !== 'none'
          ? t(`packages.line.${line.decision}`, { note: line.note })
          : isUntouched
            ? t('packages.line.waiting')
            : t(`packages.line.${redWordOf(line)}`),
      isOpen: !line.isGreen && line.decision === 'none',
    };
  });
  return [...surplus, ...lines];
}

function redWordOf({ card, envelope }: Pick<PackageView['lines'][number], 'card' | 'envelope'>) {
  if (envelope === 'damaged') return 'envelopeDamaged';
  if (card === 'damaged') return 'cardDamaged';
  return card === 'missing' ? 'cardMissing' : 'envelopeMissing';
}

interface Props {
  readonly view: PackageView;
  readonly act: PackageAct;
}

/**
 * Cards and envelopes by scanner: the field keeps the focus, every scan is answered at once with a line, a colour and a tone, and what is missing, too
 * much or read twice is named beside the figures. Source: PKG-09, PKG-10, PKG-12
 */
export function CountStep({ view, act }: Props) {
  const texts = useTexts();
  const { t } = texts;
  const { packageNumber } = view;
  const field = useRef<HTMLInputElement>(null);
  const [code, setCode] = useState('');
  const [isDamaged, setDamaged] = useState(false);
  const [last, setLast] = useState<{ readonly code: string; readonly verdict: 'right' | 'twice' | 'surplus' | 'damaged' } | null>(null);
  const [selected, setSelected] = useState<CountRow | undefined>(undefined);
  const [reasonFor, setReasonFor] = useState<CountRow | null>(null);
  const waiting = useRef<{ code: string; isDamaged: boolean }[]>([]);
  const isReading = useRef(false);
  const stop = useStop(view, 'scan');
  const stopOfCheck = useStop(view, 'check');
  const rows = rowsOf(view, texts);
  const chosen = rows.find(({ key, isOpen }) => isOpen && key === selected?.key);

  // A scanner does not wait for an answer: what comes meanwhile is read in its turn.
  const readNext = async (): Promise<void> => {
    if (isReading.current) return;
    isReading.current = true;
    for (let next = waiting.current.shift(); next !== undefined; next = waiting.current.shift()) {
      const read = next;
      const answer = await act.run((commandId) => desk.package.scan({ commandId, packageNumber, ...read }));
      if (answer === undefined) {
        soundCue(false);
        waiting.current = [];
        break;
      }
      soundCue(answer.scan.verdict === 'right');
      setLast(answer.scan);
    }
    isReading.current = false;
  };
  const read = (): void => {
    if (code.trim() === '') return;
    waiting.current.push({ code: code.trim(), isDamaged });
    setCode('');
    setDamaged(false);
    void readNext();
  };
  const decide = (row: CountRow, decision: 'none' | 'removed' | 'returned', note: string): void => {
    void act
      .run((commandId) => desk.package.decide({ commandId, packageNumber, side: row.side, subject: row.subject, decision, note }))
      .then(() => {
        setReasonFor(null);
        field.current?.focus();
      });
  };
  const sideCell = (row: CountRow, word: CountRow['card'], code: string) =>
    word === '' ? null : (
      <Signal tone={row.side !== 'line' || word === 'damaged' ? 'stop' : word === 'seen' ? 'good' : 'neutral'}>
        <span className="mono small">{code}</span>
        <span className="visually-hidden">, {t(`packages.side.${word}`)}</span>
      </Signal>
    );
  const columns: readonly Column<CountRow>[] = [
    {
      id: 'card',
      header: t('packages.card'),
      width: '172px',
      value: (row) => row.cardSerial,
      cell: (row) => sideCell(row, row.card, row.cardSerial),
    },
    {
      id: 'envelope',
      header: t('packages.envelope'),
      width: '190px',
      value: (row) => row.envelopeNumber,
      cell: (row) => sideCell(row, row.envelope, row.envelopeNumber),
    },
    {
      id: 'word',
      header: t('packages.verdict'),
      width: '1fr',
      value: (row) => row.word,
      cell: (row) => <Signal tone={row.tone}>{row.word}</Signal>,
    },
  ];
  const returned = (form: 'F-26' | 'F-27') => (form === 'F-26' ? view.papers.mismatch : view.papers.unpaired);
  const needed = formsNeeded(view);
  return (
    <section className="panel col" aria-label={t('packages.step.scan')}>
      <h2>{t('packages.step.scan')}</h2>
      <form
        className="row"
        onSubmit={(event) => {
          event.preventDefault();
          read();
        }}
      >
        <TextInput
          ref={field}
          label={t('packages.scanField')}
          description={stop === '' ? t('packages.scanHint') : stop}
          value={code}
          maxLength={60}
          autoFocus
          autoComplete="off"
          w={300}
          disabled={stop !== ''}
          onChange={(event) => {
            setCode(event.currentTarget.value);
          }}
        />
        <Checkbox
          label={t('packages.isDamaged')}
          checked={isDamaged}
          onChange={(event) => {
            setDamaged(event.currentTarget.checked);
            field.current?.focus();
          }}
        />
      </form>
      <div role="status" aria-live="assertive">
        {last !== null && (
          <Note tone={last.verdict === 'right' ? 'good' : 'stop'} role="status">
            {t(`packages.scanned.${last.verdict}`, { code: last.code })}
          </Note>
        )}
      </div>
      <p className="num">
        <strong>{t('packages.counts', figuresOf(view))}</strong>
      </p>
      <NamedCounts view={view} />
      <div style={{ height: 360, display: 'flex', flexDirection: 'column' }}>
        <DataList
          name="package-count"
          label={t('packages.step.scan')}
          rows={rows}
          columns={columns}
          rowKey={(row) => row.key}
          onSelect={setSelected}
          empty={t('packages.line.waiting')}
          isRoomy
          tools={
            <>
              <ActionButton
                command="reviewRow"
                isQuiet
                label={t('packages.decideRemoved')}
                isDisabled={chosen === undefined}
                onRun={() => {
                  setReasonFor(chosen ?? null);
                }}
              />
              <ActionButton
                command="returnRow"
                isQuiet
                label={t('packages.decideReturned')}
                isDisabled={chosen === undefined}
                onRun={() => {
                  if (chosen !== undefined) decide(chosen, 'returned', '');
                }}
              />
            </>
          }
        />
      </div>
      {needed.map((form) => (
        <OwnPapers
          key={form}
          papers={returned(form)}
          isSecond
          canPrepare={view.counts.open === 0}
          prepareLabel={t(form === 'F-26' ? 'packages.prepareF26' : 'packages.prepareF27')}
          onPrepare={(commandId) => desk.package.prepareReturn({ commandId, packageNumber, form })}
        />
      ))}
      <ActionButton
        label={t('packages.check')}
        isDisabled={stopOfCheck !== ''}
        reason={stopOfCheck}
        isBusy={act.startedAtMs !== null}
        onRun={() => void act.run((commandId) => desk.package.check({ commandId, packageNumber }))}
      />
      {reasonFor !== null && (
        <ReasonDialog
          isBusy={act.startedAtMs !== null}
          onClose={() => {
            setReasonFor(null);
          }}
          onReason={(note) => {
            decide(reasonFor, 'removed', note);
          }}
        />
      )}
    </section>
  );
}

/** The same rule as in the core: a card alone or an envelope alone has no pair, everything else is a wrong serial. Source: PKG-09, PKG-10 */
function formsNeeded(view: PackageView): ('F-26' | 'F-27')[] {
  const forms = new Set<'F-26' | 'F-27'>();
  for (const line of view.lines)
    if (line.decision === 'returned')
      forms.add(
        (line.card === 'seen' && line.envelope !== 'seen') || (line.card === 'missing' && line.envelope === 'seen') ? 'F-27' : 'F-26',
      );
  for (const one of view.surplus) if (one.decision === 'returned') forms.add(one.side === 'card' ? 'F-26' : 'F-27');
  return [...forms].sort();
}

const namedAtOnce = 6;

/** Which are missing and which were read twice, by their numbers. Of a package just begun nothing is missing yet. */
function NamedCounts({ view }: { readonly view: PackageView }) {
  const { t } = useTexts();
  const listOf = (codes: readonly string[]): string =>
    [...codes.slice(0, namedAtOnce), ...(codes.length > namedAtOnce ? [t('packages.more', { n: codes.length - namedAtOnce })] : [])].join(
      ', ',
    );
  const { missingCards, missingEnvelopes, twiceCards, twiceEnvelopes, cards, envelopes } = view.counts;
  const twice = [...twiceCards, ...twiceEnvelopes];
  return (
    <>
      {cards > 0 && missingCards.length > 0 && <p className="mono small">{t('packages.missingCards', { list: listOf(missingCards) })}</p>}
      {envelopes > 0 && missingEnvelopes.length > 0 && (
        <p className="mono small">{t('packages.missingEnvelopes', { list: listOf(missingEnvelopes) })}</p>
      )}
      {twice.length > 0 && <p className="mono small">{t('packages.twice', { list: listOf(twice) })}</p>}
    </>
  );
}

function ReasonDialog({
  isBusy,
  onClose,
  onReason,
}: {
  readonly isBusy: boolean;
  readonly onClose: () => void;
  readonly onReason: (note: string) => void;
}) {
  const { t } = useTexts();
  const [note, setNote] = useState('');
  return (
    <ConfirmDialog
      isOpen
      title={t('packages.removedTitle')}
      confirmLabel={t('packages.decideRemoved')}
      isDanger={false}
      isDisabled={note.trim().length < 3}
      isBusy={isBusy}
      onClose={onClose}
      onConfirm={() => {
        onReason(note.trim());
      }}
    >
      <p className="quiet">{t('packages.removedHint')}</p>
      <TextInput
        label={t('packages.note')}
        value={note}
        maxLength={500}
        onChange={(event) => {
          setNote(event.currentTarget.value);
        }}
      />
    </ConfirmDialog>
  );
}
