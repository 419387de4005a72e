import { Button, PasswordInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { secretQuestionKeys, findSecretAnswerProblem } from '../../../shared/rules/secret-answer.ts';
import { useCommand } from '../../app/commands.ts';
import { formatDateTime } from '../../app/format.ts';
import { sayCode } from '../../app/say.ts';
import { textsOf, useTexts } from '../../app/text.ts';
import { FailureNote } from '../../ui/failure-note.tsx';
import { KeyHint, shortcutOf } from '../../ui/key-hint.tsx';
import { Signal } from '../../ui/signal.tsx';
import { SelectField } from './fields.tsx';
import { useDraft, useDraftState } from './form-context.ts';
import type { FormActs } from './use-form-acts.ts';

/** Əlavə 1, blocks 6 and 7: the secret question with its answer, and the consent. */
export function ClosingGroup({ acts }: { readonly acts: FormActs }) {
  const { t } = useTexts();
  const draft = useDraft();
  const consent = useDraftState((state) => state.data.consent);
  const question = useDraftState((state) => state.data.secretQuestion);
  const isEditable = useDraftState((state) => ['DRAFT', 'CHECKING', 'INVALID'].includes(state.view.state));
  // The question goes on the official form, so it is kept in the language of record.
  const record = textsOf('az');
  const questions = secretQuestionKeys.map((key) => record.t(`form.question.${key}`));
  const first = questions[0] ?? '';
  useEffect(() => {
    if (question === '' && isEditable) draft.set('secretQuestion', first);
  }, [draft, question, first, isEditable]);
  const offered = question === '' || questions.includes(question) ? questions : [...questions, question];
  useCommand('consent', acts.giveConsent, { isEnabled: isEditable && consent.givenAtMs === 0, label: t('keys.consent') });
  return (
    <fieldset>
      <legend>{t('form.group.closing')}</legend>
      <div className="fields">
        <SelectField path="secretQuestion" span={6} options={offered.map((value) => ({ value, label: value }))} />
        <SecretAnswer acts={acts} />
        <div style={{ gridColumn: 'span 12' }} className="row">
          <span className="small" style={{ flex: 1 }}>
            {t('form.consentText')}
          </span>
          {consent.givenAtMs > 0 ? (
            <Signal tone="good">{t('form.consentGiven', { time: formatDateTime(consent.givenAtMs), version: consent.textVersion })}</Signal>
          ) : (
            <Button
              variant="default"
              onClick={acts.giveConsent}
              disabled={!isEditable}
              aria-keyshortcuts={shortcutOf('consent')}
              data-field="consent"
              data-open
            >
              {t('form.giveConsent')}
              <KeyHint id="consent" />
            </Button>
          )}
        </div>
      </div>
    </fieldset>
  );
}

/** The answer leaves this field only to be hashed; what is kept is that there is one. */
function SecretAnswer({ acts }: { readonly acts: FormActs }) {
  const texts = useTexts();
  const { t } = texts;
  const hasAnswer = useDraftState((state) => state.view.hasSecretAnswer);
  const isEditable = useDraftState((state) => ['DRAFT', 'CHECKING', 'INVALID'].includes(state.view.state));
  const areAllShown = useDraftState((state) => state.areAllShown);
  const [answer, setAnswer] = useState('');
  const [isLeft, setLeft] = useState(false);
  const problem = answer === '' ? (areAllShown && !hasAnswer ? 'REQUIRED' : null) : isLeft ? findSecretAnswerProblem(answer) : null;
  const keep = (): void => {
    setLeft(true);
    if (answer === '' || findSecretAnswerProblem(answer) !== null) return;
    void acts.setSecretAnswer(answer).then((isKept) => {
      if (isKept) setAnswer('');
    });
  };
  return (
    <div className="field" style={{ gridColumn: 'span 6' }}>
      <PasswordInput
        label={
          <>
            {t('form.label.secretAnswer')}
            {hasAnswer && (
              <span className="field-mark">
                <Signal tone="good">{t('form.answerKept')}</Signal>
              </span>
            )}
          </>
        }
        value={answer}
        placeholder={hasAnswer ? t('form.answerAgain') : ''}
        readOnly={!isEditable}
        error={problem === null ? undefined : sayCode(texts, problem)}
        visibilityToggleButtonProps={{ 'aria-label': t('form.showAnswer'), tabIndex: -1 }}
        data-field="secretAnswer"
        data-open={(!hasAnswer && answer === '') || undefined}
        onChange={(event) => {
          setAnswer(event.currentTarget.value);
          setLeft(false);
        }}
        onBlur={keep}
      />
      <FailureNote failure={acts.secretFailure} />
    </div>
  );
}
