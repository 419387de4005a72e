import { TextInput } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useTexts } from '../app/text.ts';
import { comboOf, keys } from '../keys.ts';
import { ColumnChoice, useHiddenColumns } from './column-choice.tsx';
import { arrange, type Column, type Sort } from './list-order.ts';

export type { Column };

interface Props<Row> {
  /** Under which the choice of columns is remembered. */
  readonly name: string;
  readonly label: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly rowKey: (row: Row) => string;
  readonly onOpen?: (row: Row) => void;
  readonly onSelect?: (row: Row | undefined) => void;
  /** Says what would stand here and how to make it. */
  readonly empty: string;
  readonly tools?: ReactNode;
  readonly hasAutoFocus?: boolean;
  /** Two lines a row, for lists whose words must not be cut. */
  readonly isRoomy?: boolean;
}

/**
 * A list for the keyboard: arrows, Page, Home and End move, Enter opens, `/` goes to the filter, S sorts by the next column (Shift+S turns
 * the order). The selection belongs to the row, not to its place, so it survives a refresh. Only the rows in sight are drawn.
 */
export function DataList<Row>({
  name,
  label,
  rows,
  columns: allColumns,
  rowKey,
  onOpen,
  onSelect,
  empty,
  tools,
  hasAutoFocus = false,
  isRoomy = false,
}: Props<Row>) {
  const rowHeight = isRoomy ? 44 : 32;
  const { t } = useTexts();
  const listId = useId();
  const [hidden, show] = useHiddenColumns(name);
  const columns = useMemo(() => allColumns.filter((column) => !hidden.includes(column.id)), [allColumns, hidden]);
  const [filter, setFilter] = useState('');
  const [sort, setSort] = useState<Sort | null>(null);
  const [selectedKey, setSelectedKey] = useState<string | null>(null);
  const body = useRef<HTMLDivElement>(null);
  const filterField = useRef<HTMLInputElement>(null);

  const shown = useMemo(() => arrange(rows, columns, filter, sort), [rows, columns, filter, sort]);
  const found = shown.findIndex((row) => rowKey(row) === selectedKey);
  const selected = found < 0 ? 0 : found;
  // The virtualizer owns its own state; the list is drawn anew whenever it asks for it.
  const virtual = useVirtualizer({ count: shown.length, getScrollElement: () => body.current, estimateSize: () => rowHeight, overscan: 8 });

  useEffect(() => {
    // Only when the page opens: later the focus belongs to the hand, and to a dialog that was opened before the rows came.
    if (hasAutoFocus && document.querySelector('[role="dialog"]') === null) body.current?.focus();
    // eslint-disable-next-line react-hooks/exhaustive-deps -- see the line above
  }, []);

  const select = (index: number): void => {
    const row = shown[Math.max(0, Math.min(index, shown.length - 1))];
    if (row === undefined) return;
    setSelectedKey(rowKey(row));
    virtual.scrollToIndex(shown.indexOf(row));
    onSelect?.(row);
  };
  const sortBy = (column: string): void => {
    setSort((now) => ({ column, isDescending: now?.column === column ? !now.isDescending : false }));
  };
  const sortNext = (): void => {
    const at = columns.findIndex((column) => column.id === sort?.column);
    const next = columns[(at + 1) % columns.length];
    if (next !== undefined) setSort({ column: next.id, isDescending: false });
  };
  const pageRows = Math.max(1, Math.floor((body.current?.clientHeight ?? 320) / rowHeight) - 1);
  const onKeyDown = (event: KeyboardEvent): void => {
    const combo = comboOf(event.nativeEvent);
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: selected + 1,
      ArrowUp: selected - 1,
      PageDown: selected + pageRows,
      PageUp: selected - pageRows,
      Home: 0,
      End: shown.length - 1,
    };
    const target = moves[combo];
    const row = shown[selected];
    if (target !== undefined) select(target);
    else if (combo === 'Enter' && row !== undefined) onOpen?.(row);
    else if (combo === keys.filterList.combo) filterField.current?.focus();
    else if (combo === keys.sortList.combo) sortNext();
    else if (combo === `Shift+${keys.sortList.combo}` && sort !== null) sortBy(sort.column);
    else return;
    event.preventDefault();
  };
  const tracks = { gridTemplateColumns: columns.map((column) => column.width).join(' ') };
  const ariaSort = (id: string): 'ascending' | 'descending' | 'none' =>
    sort?.column !== id ? 'none' : sort.isDescending ? 'descending' : 'ascending';

  return (
    <>
      <div className="row">
        <TextInput
          ref={filterField}
          aria-label={t('list.filter')}
          placeholder={t('list.filter')}
          value={filter}
          onChange={(event) => {
            setFilter(event.currentTarget.value);
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter' || event.key === 'ArrowDown') {
              event.preventDefault();
              body.current?.focus();
            } else if (event.key === 'Escape' && filter !== '') {
              event.stopPropagation();
              setFilter('');
            }
          }}
          w={220}
        />
        <span className="quiet num" aria-live="polite">
          {t('list.count', { shown: shown.length, all: rows.length })}
        </span>
        {tools}
        <ColumnChoice columns={allColumns} hidden={hidden} onShow={show} />
      </div>
      <div className="list">
        <div
          className="list-body"
          ref={body}
          role="grid"
          tabIndex={0}
          aria-label={label}
          aria-rowcount={shown.length + 1}
          aria-activedescendant={shown.length > 0 ? `${listId}-${String(selected)}` : undefined}
          onKeyDown={onKeyDown}
          onFocus={() => {
            onSelect?.(shown[selected]);
          }}
        >
          <div className="list-head" role="row" aria-rowindex={1} style={tracks}>
            {columns.map((column) => (
              <span key={column.id} role="columnheader" aria-sort={ariaSort(column.id)}>
                <button
                  type="button"
                  tabIndex={-1}
                  onClick={() => {
                    sortBy(column.id);
                  }}
                >
                  {column.header} {sort?.column === column.id ? (sort.isDescending ? '↓' : '↑') : ''}
                </button>
              </span>
            ))}
          </div>
          {shown.length === 0 ? (
            <div className="empty" role="row">
              <span role="gridcell">{rows.length === 0 ? empty : t('list.noMatch')}</span>
            </div>
          ) : (
            <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
              {virtual.getVirtualItems().map((item) => {
                const row = shown[item.index];
                if (row === undefined) return null;
                return (
                  <div
                    key={rowKey(row)}
                    id={`${listId}-${String(item.index)}`}
                    className={isRoomy ? 'list-row roomy' : 'list-row'}
                    role="row"
                    aria-rowindex={item.index + 2}
                    aria-selected={item.index === selected}
                    style={{ ...tracks, top: item.start, height: rowHeight }}
                    onClick={() => {
                      select(item.index);
                    }}
                    onDoubleClick={() => onOpen?.(row)}
                  >
                    {columns.map((column) => (
                      <span key={column.id} role="gridcell" title={wordsOf(column.value(row))}>
                        {column.cell(row)}
                      </span>
                    ))}
                  </div>
                );
              })}
            </div>
          )}
        </div>
      </div>
    </>
  );
}

/** What is cut for want of room is said in full under the pointer; a bare number has nothing to add. */
function wordsOf(value: string | number): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
