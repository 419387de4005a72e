import type { home as azHome } from '../az/home.ts';

/** The home page. In English. */
export const home = {
  due: 'What is due',
  empty: 'Nothing is due. Press F2 for a new application.',
  emptyForRole: 'Nothing to do. An application that waits for your step appears here.',
  late: '{{time}} late',
  left: '{{time}} left',
  'count.dueToday': 'Due today',
  'count.breached': 'Overdue',
  'count.returned': 'Returned for correction',
  'count.drafts': 'Drafts',
  'count.mine': 'My applications',
  'count.office': "Office's applications",
} as const satisfies Record<keyof typeof azHome, string>;
