import type { list as azList } from '../az/list.ts';

/** Lists. In English. */
export const list = {
  columns: 'Columns',
  filter: 'Filter',
  count: '{{shown}} of {{all}}',
  noMatch: 'No row matches the filter. Press Esc to empty it.',
  due: 'Time left',
  next: 'Next step',
  person: 'Person',
  phone: 'Phone',
  kind: 'Kind',
  state: 'State',
  contract: 'Contract',
  filed: 'Filed',
  sync: 'Registration',
  scope: 'Whose applications',
  office: 'Of the office',
  mine: 'Mine',
  anyState: 'All states',
  emptyApplications: "The office's applications will stand here. Press F2 for a new one.",
} as const satisfies Record<keyof typeof azList, string>;
