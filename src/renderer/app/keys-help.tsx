import { useContext, useState } from 'react';
import { bindingOf, comboForPeople, type CommandId } from '../keys.ts';
import { Dialog } from '../ui/dialog.tsx';
import { LayerContext, listAvailable, useCommand } from './commands.ts';
import { useTexts } from './text.ts';

const alwaysShown: readonly CommandId[] = ['filterList', 'sortList', 'openRow', 'applySuggestion', 'back'];

/** F1: what can be done on this page now, by which key. */
export function KeysHelp() {
  const { t } = useTexts();
  const layer = useContext(LayerContext);
  const [rows, setRows] = useState<readonly { id: CommandId; label: string | undefined }[] | null>(null);
  useCommand(
    'help',
    () => {
      setRows([...listAvailable(layer), ...alwaysShown.map((id) => ({ id, label: undefined }))]);
    },
    { label: t('keys.help') },
  );
  const close = (): void => {
    setRows(null);
  };
  return (
    <Dialog isOpen={rows !== null} title={t('frame.keysOfPage')} onClose={close} size="lg">
      <table className="plain">
        <tbody>
          {(rows ?? []).map(({ id, label }) => (
            <tr key={id}>
              <th scope="row">
                <kbd>{comboForPeople(bindingOf(id).combo)}</kbd>
              </th>
              <td>{label ?? t(`keys.${id}`)}</td>
            </tr>
          ))}
          <tr>
            <th scope="row">
              <kbd>Enter</kbd>
            </th>
            <td>{t('frame.enterKey')}</td>
          </tr>
        </tbody>
      </table>
    </Dialog>
  );
}
