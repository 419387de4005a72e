import { Button, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
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
import { withZone } from './mrz-reading.ts';
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
    draft.change((data) => withZone(data, parsed.value));
    // What was read is judged at once: an expired document is said before anything else is typed.
    for (const path of readPaths) draft.touch(path);
    announce(t('form.said.zoneRead'));
    // After the fields have their new values: the phone is where the hand is needed next.
    setTimeout(() => {
      const { carrier } = draft.store.getState().data;
      focusOpen(carrier.phone === '' ? ['carrier.phone'] : undefined);
    }, 0);
  };
  useReader((reading) => {
    if (!isEditable) return;
    if (reading.kind === 'mrz') {
      read(reading.text);
      return;
    }
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
      <div className="field" style={{ gridColumn: 'span 6' }}>
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
  const confirmed = useDraftState((state) => state.view.bearerConfirmed);
  const isEditable = useDraftState((state) => ['DRAFT', 'CHECKING', 'INVALID'].includes(state.view.state));
  const [isStopping, setStopping] = useState(false);
  const isAsked = confirmed === 'not_asked' && isEditable;
  const yes = (): void => {
    const isHere = document.activeElement?.getAttribute('data-field') === 'bearer';
    void acts.confirmBearer(true).then((isDone) => {
      if (isDone && isHere) focusOpen();
    });
  };
  useCommand('bearerYes', yes, { isEnabled: isAsked, label: t('keys.bearerYes') });
  useCommand(
    'bearerNo',
    () => {
      setStopping(true);
    },
    { isEnabled: isAsked, label: t('keys.bearerNo') },
  );
  return (
    <div style={{ gridColumn: 'span 6', alignSelf: 'center' }} role="group" aria-label={t('form.bearerQuestion')} className="row">
      <strong>{t('form.bearerQuestion')}</strong>
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
      <ConfirmDialog
        isOpen={isStopping}
        title={t('form.bearerQuestion')}
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
