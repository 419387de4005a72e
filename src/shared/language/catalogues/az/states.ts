/**
 * Labels of the states of an application and of a certificate, and the words for the state of an act.
 *
 * Source: procedures.md §14.1, §14.2; screens: the same words everywhere.
 */
export const states = {
  DRAFT: 'Qaralama',
  CHECKING: 'Yoxlanılır',
  SENT: 'Göndərilib',
  INVALID: 'Etibarsız',
  PERSONALISING: 'Fərdiləşdirilir',
  DISPATCHED: 'Göndərilib (kuryer)',
  READY: 'Kart hazırdır',
  CONTRACT: 'Müqavilə imzalanır',
  CERT_PRINTED: 'Sertifikat çap olunub',
  ACTIVATING: 'Aktivləşdirilir',
  ACT_FAILED: 'Aktivləşmə uğursuzdur',
  HANDED: 'Təqdim olunub',
  SCANNED: 'Sənədlər daxil edilib',
  ARCHIVED: 'Arxivləşdirilib',
  REFUSED: 'İmtina edilib',
  WITHDRAWN: 'Geri götürülüb',
  GENERATED: 'Yaradılıb',
  ACTIVE: 'Aktivdir',
  SUSPENDED_USER: 'Qüvvəsi dayandırılıb (istifadəçi)',
  SUSPENDED_CALL: 'Qüvvəsi dayandırılıb (istifadəçi)',
  SUSPENDED_BODY: 'Qüvvəsi dayandırılıb (səlahiyyətli orqan)',
  SUSPENDED_CENTRE: 'Qüvvəsi dayandırılıb (Mərkəz)',
  EXPIRED: 'Müddəti bitib',
  REVOKED: 'Ləğv edilib',
  REVOKED_EXPIRY: 'Ləğv edilib',
  'sync.saved': 'Yadda saxlanılıb',
  'sync.queued': 'Növbədədir, hələ qeydiyyata alınmayıb',
  'sync.registered': 'Qeydiyyata alınıb',
  'sync.refused': 'İmtina edilib',
  'sync.attention': 'Diqqət tələb edir',
  'sync.unknown': 'Nəticəsi məlum deyil',
} as const;
