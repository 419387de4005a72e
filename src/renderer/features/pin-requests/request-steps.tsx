import { Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { PinRequestStep, PinRequestView } from '../../../shared/contract/pin-request.ts';
import { sayCode } from '../../app/say.ts';
import { useMay } from '../../app/session.ts';
import { useTexts } from '../../app/text.ts';
import { desk, queries } from '../../desk-client/index.ts';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { ActionButton } from '../../ui/main-button.tsx';
import { Note } from '../../ui/signal.tsx';
import { OwnPapers } from '../packages/index.ts';
import { DispatchForm } from './dispatch-dialog.tsx';
import { IdentityForm } from './identity-form.tsx';
import { ScanContract } from './scan-contract.tsx';
import type { PinAct } from './use-pin-act.ts';

interface Props {
  readonly view: PinRequestView;
  readonly act: PinAct;
}

function useStop(view: PinRequestView, step: PinRequestStep): string {
  const texts = useTexts();
  const reason = view.steps.find((one) => one.step === step)?.reason ?? '';
  return reason === '' ? '' : sayCode(texts, reason === 'STATE' ? 'PIN_STATE' : reason);
}

/** What is to be done now, and for whom. Source: procedures.md §14.5 */
export function RequestStep({ view, act }: Props) {
  const { t } = useTexts();
  const may = useMay();
  switch (view.state) {
    case 'REQUESTED':
      return (
        <>
          {view.isPersonFound ? <CardStep view={view} act={act} /> : <PersonStep view={view} act={act} />}
          <RefuseStep view={view} act={act} />
        </>
      );
    case 'VERIFIED':
      return (
        <>
          <ContractStep view={view} act={act} />
          <RefuseStep view={view} act={act} />
        </>
      );
    case 'CONTRACT_SIGNED':
      return (
        <>
          <ScanStep view={view} act={act} />
          <RefuseStep view={view} act={act} />
        </>
      );
    case 'SCANNED':
      return (
        <section className="panel col" aria-label={t('pins.step.send')}>
          <h2>{t('pins.step.send')}</h2>
          {view.packageNumber === '' ? (
            <p>{t('pins.waitsPackage')}</p>
          ) : (
            <DispatchForm packageNumber={view.packageNumber} onDone={() => undefined} />
          )}
        </section>
      );
    case 'SENT_TO_CENTRE':
      return may('card.personalise') ? <RenewStep view={view} act={act} /> : <p>{t('pins.atCentre')}</p>;
    case 'READY_AT_CENTRE':
      return (
        <section className="panel col" aria-label={t('pins.step.back')}>
          <h2>{t('pins.step.back')}</h2>
          <p className="mono">{t('pins.envelopeNumber', { number: view.envelopeNumber })}</p>
          {may('card.dispatch') && view.backPackageNumber !== '' ? (
            <DispatchForm packageNumber={view.backPackageNumber} onDone={() => undefined} />
          ) : (
            <p>{t('pins.waitsBack')}</p>
          )}
        </section>
      );
    case 'BACK_AT_OFFICE':
      return <HandOverStep view={view} act={act} />;
    case 'HANDED':
      return <ArchiveStep view={view} act={act} />;
    case 'REFUSED':
      return <RefusedNote view={view} />;
    case 'ARCHIVED':
      return <p>{t('pins.finished')}</p>;
  }
}

function RefusedNote({ view }: { readonly view: PinRequestView }) {
  const texts = useTexts();
  const { t } = texts;
  const reason = /^M-\d\d$/u.test(view.refusalReason) ? sayCode(texts, view.refusalReason) : '';
  return (
    <>
      {reason !== '' && <Note tone="stop">{t('pins.refusedBecause', { reason })}</Note>}
      <p>{t('pins.finished')}</p>
    </>
  );
}

function PersonStep({ view, act }: Props) {
  const { t } = useTexts();
  const stop = useStop(view, 'find_person');
  const { requestId } = view;
  return (
    <section className="panel col" aria-label={t('pins.step.find_person')}>
      <h2>{t('pins.step.find_person')}</h2>
      <IdentityForm
        label={t('pins.search')}
        isBusy={act.isBusy}
        attempts={view.attempts.person}
        stop={stop}
        onSend={(identity) => {
          act.run((commandId) => desk.pinRequest.findPerson({ commandId, requestId, identity }));
        }}
      />
    </section>
  );
}

function CardStep({ view, act }: Props) {
  const { t } = useTexts();
  const [cardSerial, setCardSerial] = useState('');
  const [isBlocked, setBlocked] = useState(false);
  const stop = useStop(view, 'find_card');
  const { requestId } = view;
  return (
    <section className="panel col" aria-label={t('pins.step.find_card')}>
      <h2>{t('pins.step.find_card')}</h2>
      <TextInput
        label={t('pins.cardSerial')}
        value={cardSerial}
        maxLength={40}
        w={260}
        autoFocus
        autoComplete="off"
        onChange={(event) => {
          setCardSerial(event.currentTarget.value);
        }}
      />
      <Checkbox
        label={t('pins.isBlocked')}
        checked={isBlocked}
        onChange={(event) => {
          setBlocked(event.currentTarget.checked);
        }}
      />
      <div className="row">
        <ActionButton
          label={t('pins.search')}
          isBusy={act.isBusy}
          isDisabled={stop !== '' || cardSerial.trim() === ''}
          reason={stop}
          onRun={() => {
            act.run((commandId) => desk.pinRequest.findCard({ commandId, requestId, cardSerial, isBlocked }));
          }}
        />
        {view.attempts.card > 0 && <span className="num">{t('pins.attempts', { n: view.attempts.card })}</span>}
      </div>
    </section>
  );
}

/** Source: PIN-07, PIN-08, PIN-13 */
function ContractStep({ view, act }: Props) {
  const { t } = useTexts();
  const stop = useStop(view, 'sign_contract');
  const { requestId } = view;
  const isPrinted = view.contract.length > 0 && view.contract.every(({ state }) => state === 'printed');
  const sign = (by: 'centre' | 'holder'): void => {
    act.run((commandId) => desk.pinRequest.confirmSigned({ commandId, requestId, by }));
  };
  return (
    <section className="panel col" aria-label={t('pins.step.sign_contract')}>
      <h2>{t('pins.step.sign_contract')}</h2>
      <Note tone="neutral">{t('pins.hint')}</Note>
      <OwnPapers
        papers={view.contract}
        prepareLabel={t('pins.prepareContract')}
        isSecond={isPrinted}
        onPrepare={(commandId) => desk.pinRequest.prepareContract({ commandId, requestId })}
      />
      {isPrinted && (
        <ActionButton
          label={t(view.isCentreSigned ? 'pins.holderSigned' : 'pins.centreSigned')}
          isBusy={act.isBusy}
          isDisabled={stop !== ''}
          reason={stop}
          onRun={() => {
            sign(view.isCentreSigned ? 'holder' : 'centre');
          }}
        />
      )}
    </section>
  );
}

/** Source: PIN-09 */
function ScanStep({ view, act }: Props) {
  const { t } = useTexts();
  const stop = useStop(view, 'scan');
  const { requestId } = view;
  return (
    <section className="panel col" aria-label={t('pins.step.scan')}>
      <h2>{t('pins.step.scan')}</h2>
      <ScanContract requestId={requestId} isScanned={view.isScanned} />
      {view.isScanned && (
        <ActionButton
          label={t('pins.confirmScanned')}
          isBusy={act.isBusy}
          isDisabled={stop !== ''}
          reason={stop}
          onRun={() => {
            act.run((commandId) => desk.pinRequest.confirmScanned({ commandId, requestId }));
          }}
        />
      )}
    </section>
  );
}

/** At the centre, with the holder's card in a reader. Source: PIN-11 */
function RenewStep({ view, act }: Props) {
  const { t } = useTexts();
  const stop = useStop(view, 'renew');
  const readers = useReaders();
  const [chosen, setChosen] = useState('');
  const readerName = readers.includes(chosen) ? chosen : (readers[0] ?? '');
  const { requestId } = view;
  return (
    <section className="panel col" aria-label={t('pins.step.renew')}>
      <h2>{t('pins.step.renew')}</h2>
      <p>{t('pins.renewHint')}</p>
      {readers.length > 1 && (
        <NativeSelect
          label={t('pins.reader')}
          value={readerName}
          data={[...readers]}
          onChange={(event) => {
            setChosen(event.currentTarget.value);
          }}
        />
      )}
      <ActionButton
        label={t('pins.renew')}
        isBusy={act.isBusy}
        isDisabled={stop !== '' || readerName === ''}
        reason={stop === '' ? t('pins.noReader') : stop}
        onRun={() => {
          act.run((commandId) => desk.pinRequest.renew({ commandId, requestId, readerName }));
        }}
      />
    </section>
  );
}

/** The names of the readers at this desk. */
function useReaders(): readonly string[] {
  const status = useQuery(queries.pinRequest.readers.queryOptions({ refetchInterval: 3000 })).data;
  return status ?? [];
}

/** Identity once more, then card and envelope. Source: PIN-12, HND-01..HND-05, HND-12 */
function HandOverStep({ view, act }: Props) {
  const { t } = useTexts();
  const stop = useStop(view, 'hand_over');
  const { requestId } = view;
  if (!view.isHolderChecked)
    return (
      <section className="panel col" aria-label={t('pins.step.check_holder')}>
        <h2>{t('pins.step.check_holder')}</h2>
        <IdentityForm
          label={t('pins.search')}
          isBusy={act.isBusy}
          attempts={view.attempts.holder}
          onSend={(identity) => {
            act.run((commandId) => desk.pinRequest.checkHolder({ commandId, requestId, identity }));
          }}
        />
      </section>
    );
  return (
    <section className="panel col" aria-label={t('pins.step.hand_over')}>
      <h2>{t('pins.step.hand_over')}</h2>
      <p className="mono">{t('pins.envelopeNumber', { number: view.envelopeNumber })}</p>
      <Note tone="neutral">{t('pins.hint')}</Note>
      <ActionButton
        label={t('pins.handOver')}
        isBusy={act.isBusy}
        isDisabled={stop !== ''}
        reason={stop}
        onRun={() => {
          act.run((commandId) => desk.pinRequest.handOver({ commandId, requestId }));
        }}
      />
    </section>
  );
}

function ArchiveStep({ view, act }: Props) {
  const { t } = useTexts();
  const [receiver, setReceiver] = useState('');
  const [listNumber, setListNumber] = useState('');
  const stop = useStop(view, 'archive');
  const { requestId } = view;
  return (
    <section className="panel col" aria-label={t('pins.step.archive')}>
      <h2>{t('pins.step.archive')}</h2>
      <div className="row">
        <TextInput
          label={t('pins.receiver')}
          value={receiver}
          maxLength={200}
          onChange={(event) => {
            setReceiver(event.currentTarget.value);
          }}
        />
        <TextInput
          label={t('pins.listNumber')}
          value={listNumber}
          maxLength={60}
          onChange={(event) => {
            setListNumber(event.currentTarget.value);
          }}
        />
      </div>
      <ActionButton
        label={t('pins.archive')}
        isBusy={act.isBusy}
        isDisabled={stop !== '' || receiver.trim() === '' || listNumber.trim() === ''}
        reason={stop}
        onRun={() => {
          act.run((commandId) => desk.pinRequest.archive({ commandId, requestId, receiver, listNumber }));
        }}
      />
    </section>
  );
}

/** Until the papers leave. */
function RefuseStep({ view, act }: Props) {
  const { t } = useTexts();
  const may = useMay();
  const [isOpen, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const { requestId } = view;
  if (!may('pin.reissue')) return null;
  return (
    <div className="row">
      <ActionButton
        command="refuse"
        isQuiet
        label={t('pins.refuse')}
        onRun={() => {
          setOpen(true);
        }}
      />
      {isOpen && (
        <ConfirmDialog
          isOpen
          title={t('pins.refuse')}
          confirmLabel={t('pins.refuse')}
          isBusy={act.isBusy}
          isDisabled={reason.trim().length < 3}
          onClose={() => {
            setOpen(false);
          }}
          onConfirm={() => {
            act.run((commandId) => desk.pinRequest.refuse({ commandId, requestId, reason }));
            setOpen(false);
          }}
        >
          <TextInput
            label={t('pins.reason')}
            value={reason}
            maxLength={500}
            onChange={(event) => {
              setReason(event.currentTarget.value);
            }}
          />
        </ConfirmDialog>
      )}
    </div>
  );
}
