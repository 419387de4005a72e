import { Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { PackageView } from '../../../shared/contract/dispatch.ts';
import { spoilReasons } from '../../../shared/registry-api/card-commands.ts';
import { announce } from '../../app/announce.ts';
import { useTexts } from '../../app/text.ts';
import { desk, queries, queryClient, useAct } from '../../desk-client/index.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { ActionButton } from '../../ui/main-button.tsx';
import { Note, Signal } from '../../ui/signal.tsx';
import { PaperSheet, PrintQuestion } from '../case/index.ts';

interface Props {
  readonly shown: PackageView;
  readonly onClose: () => void;
}

const refresh = async (): Promise<void> => {
  await queryClient.invalidateQueries({ queryKey: queries.dispatch.key() });
  await queryClient.invalidateQueries({ queryKey: queries.production.key() });
};

/** One package from its courier to the hand-over; each step says what is missing. Source: PRS-12..PRS-16, COU-01 */
export function PackageDialog({ shown, onClose }: Props) {
  const { t } = useTexts();
  const { packageNumber: number, toOfficeName: office } = shown;
  return (
    <Dialog isOpen title={t('dispatch.open', { number, office })} size="xl" onClose={onClose}>
      <div className="col">
        <p>
          {t('dispatch.contents', { n: shown.cards.length })} <Signal tone="neutral">{t(`dispatch.state.${shown.state}`)}</Signal>
        </p>
        <Spoilt shown={shown} />
        {shown.state === 'PREPARED' ? (
          <>
            <Courier shown={shown} />
            <Papers shown={shown} />
            <Send shown={shown} onSent={onClose} />
          </>
        ) : (
          <p>
            {shown.courierName} <span className="mono">{shown.courierFin}</span> · <span className="mono">{shown.registerNumber}</span>
          </p>
        )}
        <ol className="mono small" style={{ maxHeight: 160, overflow: 'auto' }}>
          {shown.cards.map(({ cardSerial, envelopeNumber, holderName }) => (
            <li key={cardSerial}>
              {cardSerial} · {envelopeNumber} · {holderName}
            </li>
          ))}
        </ol>
      </div>
    </Dialog>
  );
}

function Spoilt({ shown }: { readonly shown: PackageView }) {
  const { t } = useTexts();
  if (shown.spoilt.length === 0) return null;
  const list = shown.spoilt.map(({ serial, reason }) => {
    const known = spoilReasons.find((one) => one === reason);
    return known === undefined ? serial : `${serial} (${t(`production.reason.${known}`)})`;
  });
  return <Note tone="attention">{t('dispatch.spoiltList', { list: list.join(', ') })}</Note>;
}

function Courier({ shown }: { readonly shown: PackageView }) {
  const { t } = useTexts();
  const act = useAct();
  const [name, setName] = useState(shown.courierName);
  const [fin, setFin] = useState(shown.courierFin);
  const isSaved = name === shown.courierName && fin === shown.courierFin && name !== '';
  const { packageNumber } = shown;
  const save = (): void => {
    void act
      .run((commandId) => desk.dispatch.nameCourier({ commandId, packageNumber, courierName: name, courierFin: fin }))
      .then(async (answer) => {
        if (answer !== undefined) setFin(answer.courierFin);
        await refresh();
      });
  };
  return (
    <section aria-label={t('dispatch.step.courier')}>
      <h3>{t('dispatch.step.courier')}</h3>
      <form
        className="row"
        style={{ alignItems: 'flex-end' }}
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <TextInput
          label={t('dispatch.courierName')}
          value={name}
          maxLength={120}
          {...(shown.courierName === '' ? { 'data-autofocus': true } : {})}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label={t('dispatch.courierFin')}
          value={fin}
          w={120}
          maxLength={7}
          onChange={(event) => setFin(event.currentTarget.value.toUpperCase())}
        />
        {/* Enter in the second field saves; the button is for the hand that looks for one. */}
        <button type="submit" className="visually-hidden" tabIndex={-1}>
          {t('dispatch.saveCourier')}
        </button>
        {isSaved ? (
          <Signal tone="good">{shown.courierName}</Signal>
        ) : (
          <ActionButton label={t('dispatch.saveCourier')} isBusy={act.startedAtMs !== null} onRun={save} />
        )}
      </form>
      <FailureNote failure={act.failure} onRetry={save} />
    </section>
  );
}

function Papers({ shown }: { readonly shown: PackageView }) {
  const { t } = useTexts();
  const act = useAct();
  const printers = useQuery(queries.paper.listPrinters.queryOptions()).data ?? [];
  const [printer, setPrinter] = useState('');
  const { packageNumber, papers } = shown;
  const chosen = printer !== '' ? printer : (printers.find((one) => one.isDefault)?.name ?? printers[0]?.name ?? '');
  const idsIn = (state: 'prepared' | 'printing'): string[] => papers.filter((paper) => paper.state === state).map(({ paperId }) => paperId);
  const prepared = idsIn('prepared');
  const printing = idsIn('printing');
  const isDone = papers.length > 0 && papers.every(({ state }) => state === 'printed');
  const isBusy = act.startedAtMs !== null;
  const prepare = (): void => {
    void act.run((commandId) => desk.dispatch.preparePapers({ commandId, packageNumber })).then(refresh);
  };
  const print = (): void => {
    void act.run((commandId) => desk.paper.print({ commandId, paperIds: prepared, printer: chosen })).then(refresh);
  };
  const confirm = (verdict: 'good' | 'spoilt', reason: string): void => {
    void act.run((commandId) => desk.paper.confirm({ commandId, paperIds: printing, verdict, reason })).then(refresh);
  };
  const [first] = papers;
  return (
    <section aria-label={t('dispatch.step.papers')}>
      <h3>{t('dispatch.step.papers')}</h3>
      <FailureNote failure={act.failure} />
      <div className="row">
        {papers.length === 0 && shown.courierName !== '' && (
          <ActionButton label={t('dispatch.preparePapers')} isBusy={isBusy} onRun={prepare} />
        )}
        {papers.length === 0 && shown.courierName === '' && <span className="quiet">{t('dispatch.needCourier')}</span>}
        {prepared.length > 0 && (
          <>
            <NativeSelect
              aria-label={t('paper.printerLabel')}
              value={chosen}
              data={printers.map(({ name }) => ({ value: name, label: name }))}
              onChange={(event) => setPrinter(event.currentTarget.value)}
            />
            <ActionButton
              label={t('dispatch.printPapers', { n: prepared.length })}
              isDisabled={chosen === ''}
              reason={t('paper.noPrinter')}
              isBusy={isBusy}
              onRun={print}
            />
          </>
        )}
        {isDone && <Signal tone="good">{t('paper.done')}</Signal>}
      </div>
      {printing.length > 0 && prepared.length === 0 && (
        <PrintQuestion copies={printing.length} isBusy={isBusy} onAnswer={confirm} onLater={() => undefined} />
      )}
      {first !== undefined && !isDone && <PaperSheet paper={first} />}
    </section>
  );
}

function Send({ shown, onSent }: { readonly shown: PackageView; readonly onSent: () => void }) {
  const { t } = useTexts();
  const act = useAct();
  const [isAddressChecked, setAddressChecked] = useState(false);
  const [areCopiesSigned, setCopiesSigned] = useState(false);
  const { packageNumber } = shown;
  const register = shown.papers.filter(({ form }) => form === 'F-25');
  const isPrinted = register.length > 0 && register.every(({ state }) => state === 'printed');
  const send = (): void => {
    void act
      .run((commandId) => desk.dispatch.send({ commandId, packageNumber, isAddressChecked, areCopiesSigned }))
      .then(async (answer) => {
        if (answer === undefined) return;
        announce(t('dispatch.sent', { number: packageNumber }));
        await refresh();
        onSent();
      });
  };
  return (
    <section aria-label={t('dispatch.step.send')}>
      <h3>{t('dispatch.step.send')}</h3>
      {!isPrinted && <p className="quiet">{t('dispatch.needPapers')}</p>}
      {isPrinted && (
        <div className="col">
          <Checkbox
            checked={isAddressChecked}
            label={t('dispatch.addressChecked', { office: shown.toOfficeName })}
            onChange={(event) => setAddressChecked(event.currentTarget.checked)}
          />
          <Checkbox
            checked={areCopiesSigned}
            label={t('dispatch.copiesSigned')}
            onChange={(event) => setCopiesSigned(event.currentTarget.checked)}
          />
          <div className="row">
            <ActionButton
              label={t('dispatch.send')}
              isDisabled={!isAddressChecked || !areCopiesSigned}
              isBusy={act.startedAtMs !== null}
              onRun={send}
            />
          </div>
          <FailureNote failure={act.failure} onRetry={send} />
        </div>
      )}
    </section>
  );
}
