import { Button, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { LayerContext, useCommand, useLayer } from '../app/commands.ts';
import { useTexts } from '../app/text.ts';
import { ActionButton } from './main-button.tsx';

interface DialogProps {
  readonly isOpen: boolean;
  readonly title: string;
  readonly onClose: () => void;
  readonly size?: string | number;
  readonly children: ReactNode;
}

/** A dialog: the keys of the page below rest while it is open. */
export function Dialog({ isOpen, title, onClose, size, children }: DialogProps) {
  const { t } = useTexts();
  const layer = useLayer(isOpen);
  return (
    <Modal.Root opened={isOpen} onClose={onClose} closeOnEscape={false} size={size ?? 'md'} centered transitionProps={{ duration: 0 }}>
      <Modal.Overlay />
      <Modal.Content>
        {/* Its element is a header, which would be a second banner of the page. */}
        <Modal.Header role="presentation">
          <Modal.Title>{title}</Modal.Title>
          <Modal.CloseButton aria-label={t('frame.close')} />
        </Modal.Header>
        <Modal.Body>
          <LayerContext value={layer}>
            <EscapeKey onClose={onClose} />
            {children}
          </LayerContext>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

/** Esc is a command like any other: the library's own listener would close the dialog and let the same key leave the page below. */
function EscapeKey({ onClose }: { readonly onClose: () => void }) {
  useCommand('back', onClose);
  return null;
}

interface ConfirmProps extends DialogProps {
  readonly confirmLabel: string;
  readonly onConfirm: () => void;
  readonly isDanger?: boolean;
  readonly isDisabled?: boolean;
  readonly isBusy?: boolean;
}

/** Confirms what cannot be undone. Cancel is the default and has the focus; the error stands inside. */
export function ConfirmDialog({
  confirmLabel,
  onConfirm,
  isDanger = true,
  isDisabled = false,
  isBusy = false,
  children,
  ...dialog
}: ConfirmProps) {
  return (
    <Dialog {...dialog}>
      <div className="col">
        {children}
        <ConfirmButtons {...{ confirmLabel, onConfirm, isDanger, isDisabled, isBusy }} onClose={dialog.onClose} />
      </div>
    </Dialog>
  );
}

function ConfirmButtons({
  confirmLabel,
  onConfirm,
  isDanger,
  isDisabled,
  isBusy,
  onClose,
}: Pick<ConfirmProps, 'confirmLabel' | 'onConfirm' | 'onClose'> & {
  readonly isDanger: boolean;
  readonly isDisabled: boolean;
  readonly isBusy: boolean;
}) {
  const { t } = useTexts();
  return (
    <div className="row" style={{ justifyContent: 'flex-end' }}>
      <Button variant="default" onClick={onClose} data-autofocus>
        {t('frame.cancel')}
      </Button>
      <ActionButton label={confirmLabel} onRun={onConfirm} isDanger={isDanger} isDisabled={isDisabled} isBusy={isBusy} />
    </div>
  );
}
