import { Button, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { filerOf } from '../../../shared/rules/signers.ts';
import { attendees, type Attendee } from '../../../shared/rules/vocabulary.ts';
import { parseMrz, type MrzRefused } from '../../../shared/rules/mrz.ts';
import { announce } from '../../app/announce.ts';
import { useCommand } from '../../app/commands.ts';
import { civilDateAt } from '../../app/format.ts';
import { useReader } from '../../app/reader.ts';
import { sayCode } from '../../app/say.ts';
import { useTexts } from '../../app/text.ts';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { KeyHint, shortcutOf } from '../../ui/key-hint.tsx';
import { Signal } from '../../ui/signal.tsx';
import { comboOf, keys } from '../../keys.ts';
import { useDraft, useDraftState } from './form-context.ts';
import { isForRepresentative, withRepresentativeZone, withZone } from './mrz-reading.ts';
import type { FormActs } from './use-form-acts.ts';

type ZoneState = { readonly is: 'read'; readonly count: number } | { readonly is: 'refused'; readonly why: MrzRefused } | null;

const readPaths = [
  'person.fin',
  'person.surname',
  'person.givenName',
  'person.birthOn',
  'person.citizenship',
  'document.number',
  'document.validUntilOn',
];

/** The first row: the zone of the document, and whether the document is the bearer's. Source: SIM-03, COM-01, CR-07 */
export function IdentityRow({ acts, focusOpen }: { readonly acts: FormActs; readonly focusOpen: (wanted?: readonly string[]) => void }) {
  const texts = useTexts();
  const { t } = texts;
  const draft = useDraft();
  const field = useRef<HTMLInputElement>(null);
  const [zone, setZone] = useState('');
  const [state, setState] = useState<ZoneState>(null);
  const isEditable = useDraftState((one) => ['DRAFT', 'CHECKING', 'INVALID'].includes(one.view.state));
  const isFresh = useDraftState((one) => one.view.version <= 1 && one.data.person.fin === '');

  useEffect(() => {
    if (isFresh) field.current?.focus();
    // Only when the form opens: later the focus belongs to the hand.
    // eslint-disable-next-line react-hooks/exhaustive-deps -- see the line above
  }, []);

  const read = (text: string): void => {
    if (!isEditable) return;
    const parsed = parseMrz(text, civilDateAt(Date.now()));
    if (!parsed.ok) {
      setZone(text.replaceAll('\n', ''));
      setState({ is: 'refused', why: parsed });
      announce(sayCode(texts, parsed.code, parsed.params ?? {}));
      field.current?.focus();
      return;
    }
    setZone('');
    setState((now) => ({ is: 'read', count: now?.is === 'read' ? now.count + 1 : 1 }));
    const isRepresentatives = isForRepresentative(draft.store.getState().data, parsed.value);
    draft.change((data) => (isRepresentatives ? withRepresentativeZone(data, parsed.value) : withZone(data, parsed.value)));
    // What was read is judged at once: an expired document is said before anything else is typed.
    for (const path of readPaths) draft.touch(isRepresentatives ? `representative.${path}` : path);
    announce(t(isRepresentatives ? 'form.said.zoneReadRepresentative' : 'form.said.zoneRead'));
    // After the fields have their new values: the phone is where the hand is needed next.
    setTimeout(() => {
      const { carrier } = draft.store.getState().data;
      focusOpen(carrier.kind === 'sim' && carrier.phone === '' ? ['carrier.phone'] : undefined);
    }, 0);
  };
  useReader((reading) => {
    if (!isEditable) return;
    if (reading.kind === 'mrz') {
      read(reading.text);
      return;
    }
    if (draft.store.getState().data.carrier.kind !== 'sim') return;
    draft.set('carrier.iccid', reading.text);
    draft.touch('carrier.iccid');
    announce(t('form.said.iccidRead'));
    setTimeout(() => {
      focusOpen();
    }, 0);
  });
  const suggestion = state?.is === 'refused' ? state.why.suggestion : undefined;
  return (
    <div className="fields panel" style={{ padding: '6px 10px' }}>
      <div className="field" style={{ gridColumn: 'span 5' }}>
        <TextInput
          ref={field}
          label={
            <>
              {t('form.mrz')}
              {state?.is === 'read' && (
                <span className="field-mark">
                  <Signal tone="good">{t('form.zoneRead')}</Signal>
                </span>
              )}
            </>
          }
          placeholder={t('form.mrzHint')}
          classNames={{ input: 'mono' }}
          value={zone}
          readOnly={!isEditable}
          data-field="mrz"
          error={
            state?.is === 'refused' ? (
              <>
                {sayCode(texts, state.why.code, state.why.params ?? {})}
                {suggestion !== undefined && ` ${t('form.suggestionKey')}`}
              </>
            ) : undefined
          }
          onChange={(event) => {
            setZone(event.currentTarget.value);
            setState(null);
          }}
          onPaste={(event) => {
            const pasted = event.clipboardData.getData('text');
            if (pasted.replace(/\s/gu, '').length < 60) return;
            event.preventDefault();
            read(pasted.trim());
          }}
          onKeyDown={(event) => {
            if (comboOf(event.nativeEvent) === keys.applySuggestion.combo && suggestion !== undefined) {
              event.preventDefault();
              read(suggestion);
            } else if (event.key === 'Enter' && zone.trim() !== '' && !event.ctrlKey) {
              event.preventDefault();
              event.stopPropagation();
              read(zone.trim());
            }
          }}
        />
      </div>
      <BearerQuestion acts={acts} focusOpen={focusOpen} />
    </div>
  );
}

function BearerQuestion({ acts, focusOpen }: { readonly acts: FormActs; readonly focusOpen: (wanted?: readonly string[]) => void }) {
  const { t } = useTexts();
  const draft = useDraft();
  const filer = useDraftState((state) => filerOf(state.data));
  // An answer about the one who does not file any more is no answer: it is asked again.
  const confirmed = useDraftState(({ view }) =>
    view.bearerConfirmed === 'is_bearer' && view.attendee !== filer ? 'not_asked' : view.bearerConfirmed,
  );
  const question = t(filer === 'applicant' ? 'form.bearerQuestion' : 'form.bearerQuestionRepresentative');
  const isEditable = useDraftState((state) => ['DRAFT', 'CHECKING', 'INVALID'].includes(state.view.state));
  const [isStopping, setStopping] = useState(false);
  const isAsked = confirmed === 'not_asked' && isEditable;
  const yes = (): void => {
    const isHere = document.activeElement?.getAttribute('data-field') === 'bearer';
    void acts.confirmBearer(true).then((isDone) => {
      if (isDone && isHere) focusOpen();
    });
  };
  const nameFiler = (attendee: Attendee): void => {
    draft.set('representative.isPresent', attendee === 'representative');
    announce(t(attendee === 'representative' ? 'form.atDeskRepresentative' : 'form.atDeskApplicant'));
  };
  useCommand(
    'attendee',
    () => {
      nameFiler(filer === 'applicant' ? 'representative' : 'applicant');
    },
    { isEnabled: isEditable, label: t('keys.attendee') },
  );
  useCommand('bearerYes', yes, { isEnabled: isAsked, label: t('keys.bearerYes') });
  useCommand(
    'bearerNo',
    () => {
      setStopping(true);
    },
    { isEnabled: isAsked, label: t('keys.bearerNo') },
  );
  return (
    <div style={{ gridColumn: 'span 7', alignSelf: 'center', gap: 2 }} role="group" aria-label={question} className="col">
      <div className="row" role="radiogroup" aria-label={t('form.atDesk')} style={{ gap: 4 }}>
        <span className="small">{t('form.atDesk')}</span>
        {attendees.map((attendee) => (
          <Button
            key={attendee}
            variant={attendee === filer ? 'light' : 'default'}
            size="compact-sm"
            role="radio"
            aria-checked={attendee === filer}
            disabled={!isEditable}
            {...(attendee === 'representative'
              ? { 'data-field': 'representative.isPresent', 'aria-keyshortcuts': shortcutOf('attendee') }
              : {})}
            onClick={() => {
              nameFiler(attendee);
            }}
          >
            {t(attendee === 'applicant' ? 'form.atDeskApplicant' : 'form.atDeskRepresentative')}
            {attendee === 'representative' && <KeyHint id="attendee" />}
          </Button>
        ))}
      </div>
      <div className="row">
        <strong>{question}</strong>
        {confirmed === 'is_bearer' && <Signal tone="good">{t('form.bearerYes')}</Signal>}
        {confirmed === 'not_bearer' && <Signal tone="stop">{t('messages.M-01')}</Signal>}
        {isAsked && (
          <>
            <Button variant="default" onClick={yes} data-field="bearer" data-open aria-keyshortcuts={shortcutOf('bearerYes')}>
              {t('form.yes')}
              <KeyHint id="bearerYes" />
            </Button>
            <Button
              variant="default"
              aria-keyshortcuts={shortcutOf('bearerNo')}
              onClick={() => {
                setStopping(true);
              }}
            >
              {t('form.no')}
              <KeyHint id="bearerNo" />
            </Button>
          </>
        )}
      </div>
      <ConfirmDialog
        isOpen={isStopping}
        title={question}
        confirmLabel={t('form.bearerStop')}
        onClose={() => {
          setStopping(false);
        }}
        onConfirm={() => {
          void acts.confirmBearer(false).then((isDone) => {
            if (isDone) setStopping(false);
          });
        }}
      >
        <p>{t('messages.M-01')}</p>
        <FailureNote failure={acts.failure} />
      </ConfirmDialog>
    </div>
  );
}
