import type { training as azTraining } from '../az/training.ts';

/** The training menu. In Russian. */
export const training = {
  title: 'Учебное меню',
  faults: 'Неисправности',
  unplug: 'Отключить связь с реестром',
  outages: 'Не отвечающие системы',
  activationsThatFail: 'Неудачных активаций',
  answersThatGetLost: 'Потерянных ответов',
  expired: 'Показать просроченный сертификат TLS',
  failStatus: 'Код ответа с ошибкой',
  failTimes: 'Число ответов с ошибкой',
  latencyMs: 'Задержка, мс',
  cast: 'Лица для тренировки',
  who: 'Кто',
  read: 'Как считыватель',
  readDocument: 'Считать документ',
  readSim: 'Считать SIM',
} as const satisfies Record<keyof typeof azTraining, string>;
