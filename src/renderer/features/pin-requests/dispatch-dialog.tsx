import { Checkbox, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTexts } from '../../app/text.ts';
import { desk, queries, queryClient, useAct } from '../../desk-client/index.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { ActionButton } from '../../ui/main-button.tsx';
import { OwnPapers } from '../packages/index.ts';

/** Register printed, address read, courier named: then the package leaves. Source: PIN-10, PIN-11, PKG-02, COU-01 */
export function DispatchDialog({ packageNumber, onClose }: { readonly packageNumber: string; readonly onClose: () => void }) {
  const { t } = useTexts();
  return (
    <Dialog isOpen size="lg" title={t('pins.packageTitle', { number: packageNumber })} onClose={onClose}>
      <DispatchForm packageNumber={packageNumber} onDone={onClose} />
    </Dialog>
  );
}

export function DispatchForm({ packageNumber, onDone }: { readonly packageNumber: string; readonly onDone: () => void }) {
  const { t } = useTexts();
  const view = useQuery(queries.package.find.queryOptions({ input: { packageNumber } })).data;
  const [isAddressChecked, setAddressChecked] = useState(false);
  const [courierName, setCourierName] = useState('');
  const [courierFin, setCourierFin] = useState('');
  const act = useAct();
  if (view === undefined) return null;
  const { register } = view.papers;
  const isPrinted = register.length > 0 && register.every(({ state }) => state === 'printed');
  if (view.state !== 'PREPARED') return <p>{t(`packages.state.${view.state}`)}</p>;
  const send = (): void => {
    void act
      .run((commandId) => desk.pinRequest.dispatch({ commandId, packageNumber, isAddressChecked, courierName, courierFin }))
      .then(async (answer) => {
        if (answer === undefined) return;
        await queryClient.invalidateQueries({ queryKey: queries.pinRequest.key() });
        await queryClient.invalidateQueries({ queryKey: queries.package.key() });
        onDone();
      });
  };
  return (
    <div className="col">
      <p>
        {view.fromOfficeId} → <strong>{view.toOfficeId}</strong> · {view.items}
      </p>
      <OwnPapers
        papers={register}
        prepareLabel={t('pins.prepareRegister')}
        isSecond={isPrinted}
        onPrepare={(commandId) => desk.pinRequest.prepareRegister({ commandId, packageNumber })}
      />
      {isPrinted && (
        <>
          <Checkbox
            label={t('pins.addressChecked')}
            checked={isAddressChecked}
            onChange={(event) => {
              setAddressChecked(event.currentTarget.checked);
            }}
          />
          <div className="row">
            <TextInput
              label={t('packages.courierName')}
              value={courierName}
              maxLength={120}
              w={260}
              onChange={(event) => {
                setCourierName(event.currentTarget.value);
              }}
            />
            <TextInput
              label={t('pins.courierFin')}
              value={courierFin}
              maxLength={12}
              w={160}
              autoComplete="off"
              onChange={(event) => {
                setCourierFin(event.currentTarget.value);
              }}
            />
          </div>
          <ActionButton
            label={t('pins.dispatch')}
            onRun={send}
            isBusy={act.startedAtMs !== null}
            isDisabled={!isAddressChecked || courierName.trim() === '' || courierFin.trim().length < 5}
            reason={t(isAddressChecked ? 'reasons.COURIER_MISSING' : 'reasons.ADDRESS_NOT_CHECKED')}
          />
        </>
      )}
      <FailureNote failure={act.failure} />
    </div>
  );
}
