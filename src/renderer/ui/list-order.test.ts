import { describe, expect, it } from 'vitest';
import { arrange, type Column } from './list-order.ts';

interface Row {
  readonly name: string;
  readonly age: number;
}
const rows: readonly Row[] = ['Zaur', 'Çingiz', 'Cavid', 'Əli', 'Elvin'].map((name, index) => ({ name, age: index }));
const columns: readonly Column<Row>[] = [
  { id: 'name', header: '', width: '', cell: () => null, value: (row) => row.name },
  { id: 'age', header: '', width: '', cell: () => null, value: (row) => row.age },
];
const names = (list: readonly Row[]): string[] => list.map((row) => row.name);

describe('lists', () => {
  it('sorts in the order of the Azerbaijani alphabet, both ways', () => {
    expect(names(arrange(rows, columns, '', { column: 'name', isDescending: false }))).toEqual(['Cavid', 'Çingiz', 'Elvin', 'Əli', 'Zaur']);
    expect(names(arrange(rows, columns, '', { column: 'age', isDescending: true }))).toEqual(['Elvin', 'Əli', 'Cavid', 'Çingiz', 'Zaur']);
  });

  it('finds with and without the letters of the alphabet, every word', () => {
    expect(names(arrange(rows, columns, 'cingiz', null))).toEqual(['Çingiz']);
    expect(names(arrange(rows, columns, 'eli 3', null))).toEqual(['Əli']);
    expect(names(arrange(rows, columns, 'yox', null))).toEqual([]);
  });

  it('keeps the given order without a sort', () => {
    expect(arrange(rows, columns, '', null)).toBe(rows);
  });
});
