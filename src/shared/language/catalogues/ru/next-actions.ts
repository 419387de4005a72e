import type { nextActions as azNextActions } from '../az/next-actions.ts';

/** The next action of a case as a verb. In Russian. */
export const nextActions = {
  fill: 'Заполнить заявление',
  check: 'Проверить по реестрам',
  send: 'Отправить',
  ask_outcome: 'Узнать результат',
  correct: 'Исправить',
  refuse: 'Отказать',
  take_photo: 'Загрузить фотографию',
  print_acceptance: 'Распечатать уведомление о приёме',
  confirm_holder: 'Проверить получателя',
  print_contract: 'Распечатать договор',
  confirm_signed: 'Подтвердить подписи',
  print_certificate: 'Распечатать сертификат',
  activate: 'Активировать',
  renew_activation: 'Повторить активацию',
  print_notice: 'Распечатать уведомление',
  check_card: 'Проверить карту и конверт',
  hand_over: 'Передать',
  scan: 'Сканировать документы',
  send_scans: 'Отправить сканы',
  enter_scans: 'Ввести сканы',
  archive: 'В архив',
  none: 'Ожидание',
} as const satisfies Record<keyof typeof azNextActions, string>;
