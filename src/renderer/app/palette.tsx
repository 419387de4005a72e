import { TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useContext, useDeferredValue, useEffect, useId, useState } from 'react';
import type { ApplicationRow } from '../../shared/contract/application.ts';
import { foldForSearch } from '../../shared/language/normalise.ts';
import { failureOf, queries } from '../desk-client/index.ts';
import { bindingOf, comboForPeople, type CommandId } from '../keys.ts';
import { Dialog } from '../ui/dialog.tsx';
import { FailureNote } from '../ui/failure-note.tsx';
import { Icon } from '../ui/icon.tsx';
import { announce } from './announce.ts';
import { LayerContext, listAvailable, useCommand } from './commands.ts';
import { useMay } from './session.ts';
import { useTexts } from './text.ts';

/** Ctrl+K: search any case, run any command. */
export function Palette() {
  const { t } = useTexts();
  const layer = useContext(LayerContext);
  const [commands, setCommands] = useState<ReturnType<typeof listAvailable> | null>(null);
  const open = (): void => {
    setCommands(listAvailable(layer).filter(({ id }) => id !== 'palette' && bindingOf(id).isLocal !== true));
  };
  const close = (): void => {
    setCommands(null);
  };
  useCommand('palette', open, { label: t('keys.palette') });
  useEffect(() => {
    window.addEventListener('qeyd-palette', open);
    return () => {
      window.removeEventListener('qeyd-palette', open);
    };
  });
  return (
    <Dialog isOpen={commands !== null} title={t('frame.search')} onClose={close} size="lg">
      {commands !== null && <PaletteBody commands={commands} onDone={close} />}
    </Dialog>
  );
}

type Option =
  | { readonly kind: 'command'; readonly key: string; readonly id: CommandId; readonly label: string; readonly run: () => void }
  | { readonly kind: 'case'; readonly key: string; readonly row: ApplicationRow };

function PaletteBody({ commands, onDone }: { readonly commands: ReturnType<typeof listAvailable>; readonly onDone: () => void }) {
  const { t } = useTexts();
  const may = useMay();
  const navigate = useNavigate();
  const listId = useId();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const asked = useDeferredValue(text.trim());
  const found = useQuery({
    ...queries.application.search.queryOptions({ input: { text: asked, limit: 30 } }),
    enabled: asked.length >= 2 && may('application.view'),
  });
  const words = foldForSearch(text).split(' ').filter(Boolean);
  const options: Option[] = [
    ...(asked.length >= 2 ? (found.data ?? []) : []).map((row) => ({ kind: 'case' as const, key: row.applicationId, row })),
    ...commands
      .map(({ id, label, run }) => ({ kind: 'command' as const, key: id, id, label: label ?? t(`keys.${id}`), run }))
      .filter(({ label }) => words.every((word) => foldForSearch(label).includes(word))),
  ];
  const current = Math.min(at, options.length - 1);
  const count = found.data?.length;
  useEffect(() => {
    if (count !== undefined) announce(t('frame.found', { n: count }));
  }, [count, t]);
  const choose = (option: Option | undefined): void => {
    if (option === undefined) return;
    onDone();
    if (option.kind === 'case') void navigate({ to: '/applications/$applicationId', params: { applicationId: option.row.applicationId } });
    // After the dialog gave the focus back, so that the command finds the page as it was.
    else setTimeout(option.run, 0);
  };
  return (
    <>
      <TextInput
        data-autofocus
        role="combobox"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={options[current] === undefined ? undefined : `${listId}-${String(current)}`}
        aria-label={t('frame.search')}
        description={t('frame.searchHint')}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') setAt(Math.min(current + 1, options.length - 1));
          else if (event.key === 'ArrowUp') setAt(Math.max(current - 1, 0));
          else if (event.key === 'Enter') choose(options[current]);
          else return;
          event.preventDefault();
        }}
      />
      <FailureNote failure={found.error === null ? null : failureOf(found.error)} />
      <ul className="options" role="listbox" id={listId} aria-label={t('frame.results')}>
        {options.map((option, index) => (
          <li
            key={option.key}
            id={`${listId}-${String(index)}`}
            role="option"
            aria-selected={index === current}
            onClick={() => {
              choose(option);
            }}
          >
            {option.kind === 'case' ? (
              <>
                <Icon name="list" />
                <span style={{ flex: 1 }}>
                  {option.row.personName} · <span className="mono">{option.row.finMasked}</span>
                </span>
                <span className="quiet">
                  {t(`states.${option.row.state}`)} {option.row.contractNumber}
                </span>
              </>
            ) : (
              <>
                <Icon name="arrow" />
                <span style={{ flex: 1 }}>{option.label}</span>
                <kbd>{comboForPeople(bindingOf(option.id).combo)}</kbd>
              </>
            )}
          </li>
        ))}
      </ul>
      {options.length === 0 && <p className="quiet">{t('frame.nothingFound')}</p>}
    </>
  );
}
