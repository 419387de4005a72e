import type { scan as azScan } from '../az/scan.ts';

/** Scans. In Russian. */
export const scan = {
  limits: 'Принимаются PDF, JPEG, PNG; не более {{size}} и {{pages}} страниц в файле.',
  add: 'Добавить скан',
  kind: 'Вид документа',
  choose: 'Выбрать файл',
  dropHint: 'или перетащите файл сюда либо вставьте',
  list: 'Нужные сканы',
  missing: 'Ещё нет',
  'document.contract': 'Договор',
  'document.certificate': 'Бумажный сертификат',
  'document.notice': 'Уведомление об активации',
  'document.photo': 'Фотография для карты',
  'document.other': 'Другой документ',
  'state.stored': 'Сохранено',
  'state.queued': 'В очереди',
  'state.uploading': 'Отправляется',
  'state.uploaded': 'Отправлено',
  pages: '{{n}} с.',
  look: 'Смотреть',
  remove: 'Удалить',
  send: 'Отправить сканы',
  enter: 'Ввести сканы в систему',
  early: 'Сканы можно добавить сейчас; отправка после передачи.',
  'said.added': '{{document}}: скан добавлен.',
} as const satisfies Record<keyof typeof azScan, string>;
