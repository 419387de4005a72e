import { Button, Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import { parseTypedDate } from '../../../shared/language/dates.ts';
import { listRequiredDocuments } from '../../../shared/rules/document-matrix.ts';
import type { DocumentCode } from '../../../shared/rules/vocabulary.ts';
import { useCommand } from '../../app/commands.ts';
import { formatDate } from '../../app/format.ts';
import { sayCode } from '../../app/say.ts';
import { useTexts } from '../../app/text.ts';
import { KeyHint, shortcutOf } from '../../ui/key-hint.tsx';
import { useData, useDraft, useDraftState } from './form-context.ts';

const datedDocuments: readonly DocumentCode[] = ['D-03', 'D-04', 'D-05', 'D-13'];

/** The checklist of the matrix: Space ticks one, one key ticks all. Source: procedures.md §4.3 */
export function DocumentsGroup({ focusOpen }: { readonly focusOpen: () => void }) {
  const texts = useTexts();
  const { t } = texts;
  const draft = useDraft();
  const data = useData();
  const missing = useDraftState((state) => state.view.missingDocuments);
  const areAllShown = useDraftState((state) => state.areAllShown);
  const required = listRequiredDocuments(data);
  const isOpen = required.some(({ code }) => data.presented[code]?.isShown !== true);
  const present = (code: DocumentCode, part: Partial<{ isShown: boolean; validUntilOn: string }>): void => {
    draft.change((now) => {
      const before = now.presented[code] ?? { isShown: false, validUntilOn: '', note: '' };
      return { ...now, presented: { ...now.presented, [code]: { ...before, ...part } } };
    });
  };
  const presentAll = (): void => {
    draft.change((now) => {
      const presented = { ...now.presented };
      for (const { code } of listRequiredDocuments(now))
        presented[code] = { ...(presented[code] ?? { validUntilOn: '', note: '' }), isShown: true };
      return { ...now, presented };
    });
  };
  /** From the button the hand goes on; by the key alone the focus stays where it is. */
  const pressAll = (): void => {
    presentAll();
    void draft.flush().then(focusOpen);
  };
  useCommand('allDocuments', presentAll, { label: t('keys.allDocuments') });
  return (
    <fieldset>
      <legend>{t('form.group.documents')}</legend>
      <div className="fields">
        {required.map(({ code, demand }) => {
          // A document not shown is what the empty tick says already; one out of date is said at once, the rest when it is sent.
          const problem = missing.find((one) => one.code === code && (areAllShown || one.notice.code === 'M-03'));
          return (
            <div key={code} className="field row" style={{ gridColumn: 'span 6', flexWrap: 'nowrap' }}>
              <Checkbox
                label={`${code} · ${t(`terms.document.${code}`)}`}
                description={demand === 'original' || demand === 'signed' ? undefined : t(`form.demand.${demand}`)}
                checked={data.presented[code]?.isShown === true}
                error={problem === undefined ? undefined : sayCode(texts, problem.notice.code, problem.notice.params)}
                data-field={`presented.${code}`}
                onChange={(event) => {
                  present(code, { isShown: event.currentTarget.checked });
                }}
              />
              {datedDocuments.includes(code) && (
                <ValidUntil
                  label={`${code} ${t('form.label.document.validUntilOn')}`}
                  on={data.presented[code]?.validUntilOn ?? ''}
                  onChange={(on) => {
                    present(code, { validUntilOn: on });
                  }}
                />
              )}
            </div>
          );
        })}
        <div style={{ gridColumn: 'span 6' }}>
          <Button
            variant="default"
            onClick={pressAll}
            aria-keyshortcuts={shortcutOf('allDocuments')}
            data-field="documents"
            data-open={isOpen || undefined}
          >
            {t('form.allShown')}
            <KeyHint id="allDocuments" />
          </Button>
        </div>
      </div>
    </fieldset>
  );
}

function ValidUntil({ label, on, onChange }: { readonly label: string; readonly on: string; readonly onChange: (on: string) => void }) {
  const { t } = useTexts();
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <TextInput
      aria-label={label}
      title={label}
      placeholder={t('form.datePlaceholder')}
      w={120}
      // The name of the document gives way, the date does not.
      style={{ flexShrink: 0 }}
      value={typed ?? (on === '' ? '' : formatDate(on))}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        onChange(parseTypedDate(event.currentTarget.value) ?? '');
      }}
      onBlur={() => {
        setTyped(null);
      }}
    />
  );
}
