import { Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { useState, type KeyboardEvent, type ReactNode } from 'react';
import { parseTypedDate } from '../../../shared/language/dates.ts';
import { formatDate } from '../../app/format.ts';
import { sayCode } from '../../app/say.ts';
import { useTexts } from '../../app/text.ts';
import { comboOf, keys } from '../../keys.ts';
import { Icon } from '../../ui/icon.tsx';
import { Signal } from '../../ui/signal.tsx';
import { phoneFromTyped, typedOfPhone } from './defaults.ts';
import { maxLengthOf } from './limits.ts';
import { useDraft, useField, type FieldFacts } from './form-context.ts';

interface FieldProps {
  readonly path: string;
  /** Twelfths of the column. */
  readonly span: number;
  /** Key of the label when it differs from the path (a representative's name is called as the applicant's). */
  readonly labelPath?: string;
}

function labelKey(path: string): string {
  return `form.label.${path.replace(/^representative\./u, '').replace(/^powersOfAttorney\.\d+\./u, 'power.')}`;
}

/** Label, mark of what was taken over, problem, suggestion and the register's answer: the same for every field. */
function useFrame(path: string, facts: FieldFacts, apply: (value: string) => void) {
  const texts = useTexts();
  const { t } = texts;
  const { problem, compared, isAdopted } = facts;
  const differs = compared !== undefined && (compared.verdict === 'differs' || compared.verdict === 'loosely_same');
  const answered =
    compared === undefined ? '' : /^\d{4}-\d{2}-\d{2}$/u.test(compared.answered) ? formatDate(compared.answered) : compared.answered;
  const label = (
    <>
      {texts.find(labelKey(path))}
      {isAdopted && (
        <span className="field-mark tone-good" title={t('form.adopted')}>
          <Icon name="check" />
        </span>
      )}
      {compared?.verdict === 'missing' && !isAdopted && (
        <span className="field-mark quiet" title={t('form.registerSays', { value: answered })}>
          <Icon name="book" />
          <span className="visually-hidden">{t('form.registerSays', { value: answered })}</span>
        </span>
      )}
    </>
  );
  const description: ReactNode =
    differs && !isAdopted ? (
      <Signal tone={compared.verdict === 'differs' ? 'attention' : 'neutral'}>{t('form.registerSays', { value: answered })}</Signal>
    ) : isAdopted ? (
      // The sign stands in the label and is explained beside the registers; a screen reader hears the word here.
      <span className="visually-hidden">{t('form.adopted')}</span>
    ) : undefined;
  const error: ReactNode =
    problem === undefined ? undefined : (
      <>
        {sayCode(texts, problem.code, problem.params)}
        {problem.suggestion !== undefined && ` ${t('form.suggestion', { value: problem.suggestion })}`}
      </>
    );
  const onSuggestionKey = (event: KeyboardEvent): void => {
    if (comboOf(event.nativeEvent) !== keys.applySuggestion.combo || problem?.suggestion === undefined) return;
    event.preventDefault();
    apply(problem.suggestion);
  };
  // What the register knows and nobody typed stands in the empty field itself, so that the form keeps its height.
  const known = compared?.verdict === 'missing' ? answered : undefined;
  return { label, description, error, onSuggestionKey, differs, known };
}

export function TextField({
  path,
  span,
  isMono = false,
  placeholder,
  isUpper = false,
}: FieldProps & { readonly isMono?: boolean; readonly placeholder?: string; readonly isUpper?: boolean }) {
  const draft = useDraft();
  const facts = useField(path);
  const frame = useFrame(path, facts, (value) => {
    draft.set(path, value);
  });
  if (!facts.isNeeded) return null;
  return (
    <div className="field" style={{ gridColumn: `span ${String(span)}` }}>
      <TextInput
        label={frame.label}
        description={frame.description}
        error={frame.error}
        inputWrapperOrder={['label', 'input', 'error', 'description']}
        wrapperProps={{ 'data-differs': frame.differs || undefined }}
        classNames={isMono ? { input: 'mono' } : {}}
        value={typeof facts.value === 'string' ? facts.value : ''}
        readOnly={!facts.isEditable}
        placeholder={frame.known ?? placeholder}
        maxLength={maxLengthOf(path)}
        data-field={path}
        onChange={(event) => {
          draft.set(
            path,
            isUpper ? event.currentTarget.value.replace(/[a-z]/gu, (letter) => letter.toUpperCase()) : event.currentTarget.value,
          );
        }}
        onBlur={() => {
          draft.touch(path);
        }}
        onKeyDown={frame.onSuggestionKey}
      />
    </div>
  );
}

/** A number after the printed +994: nine digits are enough. */
export function PhoneField({ path, span }: FieldProps) {
  const draft = useDraft();
  const facts = useField(path);
  const frame = useFrame(path, facts, (value) => {
    draft.set(path, value);
  });
  if (!facts.isNeeded) return null;
  return (
    <div className="field" style={{ gridColumn: `span ${String(span)}` }}>
      <TextInput
        label={frame.label}
        description={frame.description}
        error={frame.error}
        inputWrapperOrder={['label', 'input', 'error', 'description']}
        wrapperProps={{ 'data-differs': frame.differs || undefined }}
        classNames={{ input: 'mono' }}
        leftSection={
          <span className="mono small" style={{ color: 'var(--q-quiet)' }}>
            +994
          </span>
        }
        leftSectionWidth={42}
        inputMode="tel"
        maxLength={24}
        value={typedOfPhone(typeof facts.value === 'string' ? facts.value : '')}
        readOnly={!facts.isEditable}
        data-field={path}
        onChange={(event) => {
          draft.set(path, phoneFromTyped(event.currentTarget.value));
        }}
        onBlur={() => {
          draft.touch(path);
        }}
        onKeyDown={frame.onSuggestionKey}
      />
    </div>
  );
}

/** A date as people type it (7.3.1988); stored when it is one, said at once when it is none. */
export function DateField({ path, span, isPast = false }: FieldProps & { readonly isPast?: boolean }) {
  const { t } = useTexts();
  const draft = useDraft();
  const facts = useField(path);
  const [typed, setTyped] = useState<string | null>(null);
  const stored = typeof facts.value === 'string' ? facts.value : '';
  const frame = useFrame(path, facts, (value) => {
    draft.set(path, value);
  });
  const todayOn = new Date().toISOString().slice(0, 10);
  const parse = (text: string): string | undefined => parseTypedDate(text, isPast ? todayOn : undefined);
  const isUnreadable = typed !== null && typed.trim() !== '' && parse(typed) === undefined;
  const [isLeft, setLeft] = useState(false);
  if (!facts.isNeeded) return null;
  return (
    <div className="field" style={{ gridColumn: `span ${String(span)}` }}>
      <TextInput
        label={frame.label}
        description={frame.description}
        error={isUnreadable && isLeft ? t('fields.DATE_INVALID') : frame.error}
        inputWrapperOrder={['label', 'input', 'error', 'description']}
        wrapperProps={{ 'data-differs': frame.differs || undefined }}
        classNames={{ input: 'num' }}
        inputMode="numeric"
        placeholder={frame.known ?? t('form.datePlaceholder')}
        value={typed ?? (stored === '' ? '' : formatDate(stored))}
        readOnly={!facts.isEditable}
        data-field={path}
        onChange={(event) => {
          const text = event.currentTarget.value;
          setTyped(text);
          setLeft(false);
          draft.set(path, text.trim() === '' ? '' : (parse(text) ?? ''));
        }}
        onBlur={() => {
          setLeft(true);
          if (!isUnreadable) setTyped(null);
          draft.touch(path);
        }}
        onKeyDown={frame.onSuggestionKey}
      />
    </div>
  );
}

/** One twelfth of a column of a 1280 px window with its gap, the gap, and what of a closed list is no room for its words. */
const twelfthPx = 43.5;
const gapPx = 8;
const edgesPx = 38;
let pen: CanvasRenderingContext2D | null | undefined;

/**
 * How many twelfths a closed list needs for what is chosen in it, on the smallest screen: a longer choice takes a longer field instead of
 * being cut.
 */
function spanFor(span: number, text: string): number {
  pen ??= document.createElement('canvas').getContext('2d');
  if (pen === null) return span;
  pen.font = "14px 'Noto Sans Variable', 'Noto Sans', sans-serif";
  const needed = Math.ceil((pen.measureText(text).width + edgesPx + gapPx) / twelfthPx);
  return Math.min(12, Math.max(span, needed));
}

export function SelectField({
  path,
  span,
  options,
  hasEmpty = false,
}: FieldProps & { readonly options: readonly { value: string; label: string }[]; readonly hasEmpty?: boolean }) {
  const { t } = useTexts();
  const draft = useDraft();
  const facts = useField(path);
  const frame = useFrame(path, facts, (value) => {
    draft.set(path, value);
  });
  if (!facts.isNeeded) return null;
  const value = typeof facts.value === 'string' ? facts.value : '';
  const shown = options.find((option) => option.value === value)?.label ?? t('form.choose');
  return (
    <div className="field" style={{ gridColumn: `span ${String(spanFor(span, shown))}` }}>
      <NativeSelect
        label={frame.label}
        description={frame.description}
        error={frame.error}
        inputWrapperOrder={['label', 'input', 'error', 'description']}
        wrapperProps={{ 'data-differs': frame.differs || undefined }}
        data={hasEmpty || value === '' ? [{ value: '', label: t('form.choose') }, ...options] : [...options]}
        value={value}
        disabled={!facts.isEditable}
        data-field={path}
        onChange={(event) => {
          draft.set(path, event.currentTarget.value);
          draft.touch(path);
        }}
      />
    </div>
  );
}

export function TickField({ path, span }: FieldProps) {
  const texts = useTexts();
  const draft = useDraft();
  const facts = useField(path);
  if (!facts.isNeeded) return null;
  return (
    <div className="field" style={{ gridColumn: `span ${String(span)}`, alignSelf: 'end', paddingBottom: 6 }}>
      <Checkbox
        label={texts.find(labelKey(path))}
        checked={facts.value === true}
        disabled={!facts.isEditable}
        error={facts.problem === undefined ? undefined : sayCode(texts, facts.problem.code, facts.problem.params)}
        data-field={path}
        onChange={(event) => {
          draft.set(path, event.currentTarget.checked);
        }}
      />
    </div>
  );
}
