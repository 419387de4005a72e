import { Checkbox } from '@mantine/core';
import { useState } from 'react';
import { useTexts } from '../app/text.ts';

const storageKey = (list: string): string => `qeyd.columns.${list}`;

function readHidden(list: string): readonly string[] {
  return (localStorage.getItem(storageKey(list)) ?? '').split(',').filter(Boolean);
}

/** Which columns of a list are hidden; remembered on this machine by the name of the list. */
export function useHiddenColumns(list: string): readonly [readonly string[], (id: string, isShown: boolean) => void] {
  const [hidden, setHidden] = useState(() => readHidden(list));
  const show = (id: string, isShown: boolean): void => {
    const next = isShown ? hidden.filter((one) => one !== id) : [...hidden, id];
    localStorage.setItem(storageKey(list), next.join(','));
    setHidden(next);
  };
  return [hidden, show];
}

interface Props {
  readonly columns: readonly { readonly id: string; readonly header: string }[];
  readonly hidden: readonly string[];
  readonly onShow: (id: string, isShown: boolean) => void;
}
export function ColumnChoice({ columns, hidden, onShow }: Props) {
  const { t } = useTexts();
  return (
    <details className="choice push">
      <summary>{t('list.columns')}</summary>
      <div className="panel ticks">
        {columns.map((column) => (
          <Checkbox
            key={column.id}
            label={column.header}
            checked={!hidden.includes(column.id)}
            // The last column stays: a list without any would be a riddle.
            disabled={!hidden.includes(column.id) && hidden.length === columns.length - 1}
            onChange={(event) => {
              onShow(column.id, event.currentTarget.checked);
            }}
          />
        ))}
      </div>
    </details>
  );
}
