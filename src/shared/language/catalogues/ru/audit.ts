import type { audit as azAudit } from '../az/audit.ts';

/** The journal. In Russian. */
export const audit = {
  verify: 'Проверить цепочку',
  verifying: 'Проверка…',
  whole: 'Цепочка цела: проверено строк {{n}}.',
  broken: 'Цепочка нарушена в строке {{seq}}. Остановите работу и сообщите службе безопасности.',
  empty: 'Журнал пуст. Каждое действие оставляет здесь след.',
  older: 'Старее',
  newest: 'Новейшие',
  seq: '№',
  detail: 'Подробности',
  hash: 'Хеш',
} as const satisfies Record<keyof typeof azAudit, string>;
