import type { list as azList } from '../az/list.ts';

/** Lists. In Russian. */
export const list = {
  columns: 'Столбцы',
  filter: 'Фильтр',
  count: '{{shown}} из {{all}}',
  noMatch: 'Нет строк по фильтру. Нажмите Esc, чтобы очистить его.',
  due: 'Осталось',
  next: 'Следующий шаг',
  person: 'Лицо',
  phone: 'Телефон',
  kind: 'Вид',
  state: 'Состояние',
  contract: 'Договор',
  filed: 'Подано',
  sync: 'Регистрация',
  scope: 'Чьи заявления',
  office: 'Офиса',
  mine: 'Мои',
  anyState: 'Все состояния',
  emptyApplications: 'Здесь будут заявления офиса. Для нового нажмите F2.',
} as const satisfies Record<keyof typeof azList, string>;
