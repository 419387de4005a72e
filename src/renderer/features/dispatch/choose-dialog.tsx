import { Checkbox } from '@mantine/core';
import { useState } from 'react';
import type { PackageView, ReadyOffice } from '../../../shared/contract/dispatch.ts';
import { maxPackageItems } from '../../../shared/rules/package-states.ts';
import { useTexts } from '../../app/text.ts';
import { desk, queries, queryClient, useAct } from '../../desk-client/index.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { ActionButton } from '../../ui/main-button.tsx';

interface Props {
  readonly office: ReadyOffice;
  readonly onPrepared: (made: PackageView) => void;
  readonly onClose: () => void;
}

/** A part of the office's cards, or all of them. Source: PRS-11 */
export function ChooseDialog({ office, onPrepared, onClose }: Props) {
  const { t } = useTexts();
  return (
    <Dialog isOpen title={`${t('dispatch.choose')}: ${office.officeName}`} size="lg" onClose={onClose}>
      <Choose office={office} onPrepared={onPrepared} />
    </Dialog>
  );
}

function Choose({ office, onPrepared }: Omit<Props, 'onClose'>) {
  const { t } = useTexts();
  const act = useAct();
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const runIds = office.cards.map(({ runId }) => runId).filter((runId) => !left.has(runId));
  const prepare = (): void => {
    void act
      .run((commandId) => desk.dispatch.prepare({ commandId, officeId: office.officeId, runIds }))
      .then(async (made) => {
        if (made === undefined) return;
        await queryClient.invalidateQueries({ queryKey: queries.dispatch.key() });
        onPrepared(made);
      });
  };
  return (
    <div className="col">
      <div className="row">
        <ActionButton
          label={t('dispatch.prepare', { n: runIds.length })}
          isDisabled={runIds.length === 0 || runIds.length > maxPackageItems}
          reason={runIds.length > maxPackageItems ? t('errors.PACKAGE_TOO_LARGE', { max: maxPackageItems }) : t('errors.PACKAGE_EMPTY')}
          isBusy={act.startedAtMs !== null}
          onRun={prepare}
        />
      </div>
      <FailureNote failure={act.failure} onRetry={prepare} />
      <div className="col" style={{ maxHeight: '50vh', overflow: 'auto', gap: 4 }}>
        {office.cards.map((card) => (
          <Checkbox
            key={card.runId}
            checked={!left.has(card.runId)}
            label={`${card.cardSerial} · ${card.envelopeNumber} · ${card.holderName}`}
            onChange={(event) => {
              const next = new Set(left);
              if (event.currentTarget.checked) next.delete(card.runId);
              else next.add(card.runId);
              setLeft(next);
            }}
          />
        ))}
      </div>
    </div>
  );
}
