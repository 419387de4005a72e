import type { SqlValue } from '../database.ts';
import { readTreePage, type Cell, type ReadPage, type TreePage } from './btree.ts';
import type { DamagedFile } from './damaged-file.ts';

/** A table as the newest schema has it: what a row must look like to be one of its rows. */
export interface TableShape {
  readonly name: string;
  /** In the order in which a row holds them. */
  readonly columns: readonly { readonly name: string; readonly type: string; readonly isNotNull: boolean; readonly isRowid: boolean }[];
  /** WITHOUT ROWID: the rows stand in an index. */
  readonly isKeyed: boolean;
}

export interface SalvageCounts {
  readonly pages: number;
  readonly badPages: number;
  /** Believable pages with rows that belong to no table that is known. */
  readonly unplacedPages: number;
  readonly rows: number;
  /** Rows whose beginning was readable and whose rest was not. */
  readonly lostRows: number;
}

export type SalvagedRow = Readonly<Record<string, SqlValue>>;

/**
 * Reads every row that can still be believed and hands it over with the name of its table. Tables are walked from their roots; pages that no walk
 * reaches because the page above them is gone are recognised by the shape of their rows.
 */
export function salvageRows(
  file: DamagedFile,
  shapes: readonly TableShape[],
  take: (table: string, row: SalvagedRow) => void,
): SalvageCounts {
  const { readPage, codec, pageCount } = file;
  const visited = new Set<number>();
  let badPages = 0;
  let unplacedPages = 0;
  let rows = 0;
  let lostRows = 0;

  const readTree = (pageNumber: number): TreePage | null => {
    const page = readPage(pageNumber);
    return page === null || page === undefined ? null : readTreePage(page, pageNumber, codec.usableBytes, readPage);
  };
  const walk = (root: number, onCell: (cell: Cell) => void): void => {
    const open = [root];
    for (let next = open.shift(); next !== undefined; next = open.shift()) {
      if (visited.has(next)) continue;
      const page = readTree(next);
      if (page === null) continue;
      visited.add(next);
      lostRows += page.lost;
      page.cells.forEach(onCell);
      open.unshift(...page.children);
    }
  };
  const takeCell = (shape: TableShape, cell: Cell): void => {
    const row = rowOf(shape, cell);
    if (row === null) lostRows += 1;
    else {
      rows += 1;
      take(shape.name, row);
    }
  };

  for (const { name, type, root } of readSchema(walk)) {
    const shape = type === 'table' ? shapes.find((each) => each.name === name) : undefined;
    walk(root, (cell) => {
      if (shape !== undefined) takeCell(shape, cell);
    });
  }
  for (let pageNumber = 1; pageNumber <= pageCount; pageNumber += 1) {
    if (visited.has(pageNumber)) continue;
    const page = readPage(pageNumber);
    if (page === null) badPages += 1;
    if (page === null || page === undefined) continue;
    const orphan = safelyRead(page, pageNumber, codec.usableBytes, readPage);
    if (orphan === null || orphan.cells.length === 0) continue;
    const shape = recognise(orphan, shapes);
    if (shape === undefined) unplacedPages += 1;
    else for (const cell of orphan.cells) takeCell(shape, cell);
  }
  return { pages: pageCount, badPages, unplacedPages, rows, lostRows };
}

function readSchema(walk: (root: number, onCell: (cell: Cell) => void) => void): { name: string; type: string; root: number }[] {
  const found: { name: string; type: string; root: number }[] = [];
  walk(1, ({ values: [type, name, , root] }) => {
    if (typeof type === 'string' && typeof name === 'string' && typeof root === 'number' && root > 1) found.push({ name, type, root });
  });
  // Tables first: a tree that two rows of a spoilt schema claim is a table's before it is an index's.
  return found.sort((left, right) => Number(right.type === 'table') - Number(left.type === 'table'));
}

/** An overflow page may begin like a page of a tree. */
function safelyRead(page: Buffer, pageNumber: number, usableBytes: number, readPage: ReadPage): TreePage | null {
  try {
    return readTreePage(page, pageNumber, usableBytes, readPage);
  } catch {
    return null;
  }
}

function recognise(page: TreePage, shapes: readonly TableShape[]): TableShape | undefined {
  const isTable = page.kind === 'table_leaf';
  // Rows of an index look like rows of many tables: of those kept in key order only receipts can be told from an index with certainty.
  const candidates = shapes.filter((shape) => (isTable ? !shape.isKeyed : shape.name === 'receipts'));
  const fitting = candidates.filter((shape) => page.cells.every((cell) => fits(shape, cell)));
  return fitting.length === 1 ? fitting[0] : undefined;
}

/** Columns are only ever added at the end, so an older row may be shorter. */
function fits(shape: TableShape, cell: Cell): boolean {
  if (cell.values.length > shape.columns.length || cell.values.length < Math.min(2, shape.columns.length)) return false;
  const mostlyWhole = cell.values.length >= shape.columns.length - 4;
  return mostlyWhole && cell.values.every((value, index) => isOfType(value, shape.columns[index]));
}

function isOfType(value: SqlValue, column: TableShape['columns'][number] | undefined): boolean {
  if (column === undefined) return false;
  if (value === null) return column.isRowid || !column.isNotNull;
  if (column.isRowid) return false;
  if (typeof value === 'string') return column.type === 'TEXT';
  if (typeof value === 'object') return column.type === 'BLOB';
  return column.type === 'INTEGER' || column.type === 'REAL';
}

function rowOf(shape: TableShape, cell: Cell): SalvagedRow | null {
  if (!fits(shape, cell)) return null;
  return Object.fromEntries(
    cell.values.flatMap((value, index): [string, SqlValue][] => {
      const column = shape.columns[index];
      if (column === undefined) return [];
      return [[column.name, column.isRowid ? (cell.rowid ?? null) : value]];
    }),
  );
}
