import type { home as azHome } from '../az/home.ts';

/** The home page. In Russian. */
export const home = {
  due: 'Что предстоит',
  empty: 'Дел нет. Для нового заявления нажмите F2.',
  emptyForRole: 'Дел нет. Заявление, которое ждёт вашего шага, появится здесь.',
  late: 'опоздание {{time}}',
  left: 'осталось {{time}}',
  'count.dueToday': 'Срок сегодня',
  'count.breached': 'Просрочено',
  'count.returned': 'Возвращено на исправление',
  'count.drafts': 'Черновики',
  'count.mine': 'Мои заявления',
  'count.office': 'Заявления офиса',
} as const satisfies Record<keyof typeof azHome, string>;
