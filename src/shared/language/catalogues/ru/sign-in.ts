import type { signIn as azSignIn } from '../az/sign-in.ts';

/** Sign-in and lock. In Russian. */
export const signIn = {
  title: 'Вход',
  login: 'Имя пользователя',
  password: 'Пароль',
  showPassword: 'Показать пароль',
  role: 'Роль',
  firstRole: 'Назначенная роль',
  submit: 'Войти',
  offline: 'Нет связи с центральным реестром. Войти могут те, кто за последние 7 дней входил на этом рабочем месте онлайн.',
  trainingOperators: 'Учебные пользователи',
  locked: 'Экран заблокирован',
  lockedHint: '{{name}} вводит пароль, чтобы продолжить. Открытая работа остаётся как есть.',
  unlock: 'Разблокировать',
  signOut: 'Выйти',
  signOutQuestion: 'Сохранённое не теряется. Выйти?',
  changePassword: 'Сменить пароль',
  mustChangeHint: 'Этот пароль знает кто-то ещё. Чтобы продолжить, задайте новый.',
  currentPassword: 'Текущий пароль',
  newPassword: 'Новый пароль',
  repeatPassword: 'Новый пароль ещё раз',
  passwordsDiffer: 'Новые пароли не совпадают.',
  byCard: 'Войти с картой',
  cardHint: 'Вставьте свою карту Asan İD в считыватель. PIN1 вводится в окне PIN.',
  cardIn: 'Карта: {{reader}}',
  cardTyping: 'Введите PIN1 в окне PIN.',
  cardLocked:
    'Карта вынута из считывателя или экран заблокирован. {{name}} вставляет ту же карту и вводит PIN1. Открытая работа остаётся как есть.',
  unlockByCard: 'Снять блокировку картой',
  noCard: 'В считывателе нет карты: вставьте свою.',
} as const satisfies Record<keyof typeof azSignIn, string>;
