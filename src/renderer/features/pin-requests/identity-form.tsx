import { NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ShownIdentity } from '../../../shared/contract/pin-request.ts';
import { parseTypedDate } from '../../../shared/language/dates.ts';
import { identityDocumentKinds } from '../../../shared/rules/vocabulary.ts';
import { useNowMs } from '../../app/clock.ts';
import { civilDateAt } from '../../app/format.ts';
import { useTexts } from '../../app/text.ts';
import { ActionButton } from '../../ui/main-button.tsx';

interface Props {
  readonly label: string;
  readonly isBusy: boolean;
  readonly onSend: (identity: ShownIdentity) => void;
  /** How often this search was made; nothing for a first look. */
  readonly attempts?: number;
  readonly stop?: string;
}

/** Who stands at the desk and with which document: compared, in force, and searched by it. Source: PIN-02..PIN-05, COM-01, COM-02, COM-06 */
export function IdentityForm({ label, isBusy, onSend, attempts, stop = '' }: Props) {
  const { t, find } = useTexts();
  const todayOn = civilDateAt(useNowMs(60_000));
  const [kind, setKind] = useState<ShownIdentity['kind']>('citizen_card');
  const [number, setNumber] = useState('');
  const [validUntil, setValidUntil] = useState('');
  const [fin, setFin] = useState('');
  const [birth, setBirth] = useState('');
  const [isBearer, setBearer] = useState<boolean | null>(null);
  const validUntilOn = validUntil.trim() === '' ? '' : parseTypedDate(validUntil, todayOn);
  const birthOn = parseTypedDate(birth, todayOn);
  const isReady =
    isBearer !== null && number.trim() !== '' && fin.trim().length >= 5 && birthOn !== undefined && validUntilOn !== undefined;
  const send = (): void => {
    if (isBearer === null || birthOn === undefined || validUntilOn === undefined) return;
    onSend({ isBearer, kind, number: number.trim(), validUntilOn, isUnlimited: validUntilOn === '', fin: fin.trim(), birthOn });
  };
  return (
    <div className="col">
      <fieldset className="row">
        <legend>{t('pins.bearer')}</legend>
        {([true, false] as const).map((answer) => (
          <label key={String(answer)} className="row">
            <input
              type="radio"
              name="bearer"
              autoFocus={answer}
              data-autofocus={answer || undefined}
              checked={isBearer === answer}
              onChange={() => {
                setBearer(answer);
              }}
            />
            {t(answer ? 'pins.isBearer' : 'pins.notBearer')}
          </label>
        ))}
      </fieldset>
      <div className="row">
        <NativeSelect
          label={t('pins.documentKind')}
          value={kind}
          data={identityDocumentKinds.map((one) => ({ value: one, label: find(`terms.identityDocument.${one}`) }))}
          onChange={(event) => {
            const { value } = event.currentTarget;
            setKind(identityDocumentKinds.find((one) => one === value) ?? 'citizen_card');
          }}
        />
        <TextInput
          label={t('pins.documentNumber')}
          value={number}
          maxLength={40}
          w={180}
          autoComplete="off"
          onChange={(event) => {
            setNumber(event.currentTarget.value);
          }}
        />
        <TextInput
          label={t('pins.validUntil')}
          value={validUntil}
          maxLength={10}
          w={200}
          autoComplete="off"
          onChange={(event) => {
            setValidUntil(event.currentTarget.value);
          }}
        />
      </div>
      <div className="row">
        <TextInput
          label={t('pins.fin')}
          value={fin}
          maxLength={12}
          w={140}
          autoComplete="off"
          onChange={(event) => {
            setFin(event.currentTarget.value);
          }}
        />
        <TextInput
          label={t('pins.birthOn')}
          value={birth}
          maxLength={10}
          w={220}
          autoComplete="off"
          onChange={(event) => {
            setBirth(event.currentTarget.value);
          }}
        />
      </div>
      <div className="row">
        <ActionButton label={label} onRun={send} isBusy={isBusy} isDisabled={stop !== '' || !isReady} reason={stop} />
        {attempts !== undefined && attempts > 0 && <span className="num">{t('pins.attempts', { n: attempts })}</span>}
      </div>
    </div>
  );
}
