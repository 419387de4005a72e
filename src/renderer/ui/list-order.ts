import type { ReactNode } from 'react';
import { compareAz } from '../../shared/language/collation.ts';
import { foldForSearch } from '../../shared/language/normalise.ts';

export interface Column<Row> {
  readonly id: string;
  readonly header: string;
  /** A track of the grid: `80px`, `2fr`. */
  readonly width: string;
  readonly cell: (row: Row) => ReactNode;
  /** What the column is sorted and filtered by. */
  readonly value: (row: Row) => string | number;
}
export interface Sort {
  readonly column: string;
  readonly isDescending: boolean;
}

/** Filter by every word in any column, Azerbaijani letters folded; then sort in dictionary order. */
export function arrange<Row>(rows: readonly Row[], columns: readonly Column<Row>[], filter: string, sort: Sort | null): readonly Row[] {
  const words = foldForSearch(filter).split(' ').filter(Boolean);
  const kept =
    words.length === 0
      ? rows
      : rows.filter((row) => {
          const text = foldForSearch(columns.map((column) => String(column.value(row))).join(' '));
          return words.every((word) => text.includes(word));
        });
  const column = columns.find((one) => one.id === sort?.column);
  if (column === undefined || sort === null) return kept;
  const direction = sort.isDescending ? -1 : 1;
  return [...kept].sort((a, b) => {
    const left = column.value(a);
    const right = column.value(b);
    return direction * (typeof left === 'number' && typeof right === 'number' ? left - right : compareAz(String(left), String(right)));
  });
}
