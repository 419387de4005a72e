/**
 * The sentence a person reads when the desk cannot start: what happened, what was not lost, what to do next. These stand outside the message
 * catalogues because they are shown when no screen exists.
 */
const sentences: Record<string, string> = {
  CONFIG_MISSING:
    'İş yerinin konfiqurasiya faylı tapılmadı: {path}. Heç bir məlumat itməyib. Faylın yolunu yoxlayıb proqramı yenidən başladın.',
  CONFIG_UNREADABLE:
    'İş yerinin konfiqurasiya faylı oxunmadı: {path}. Heç bir məlumat itməyib. Faylı ehtiyat surətindən bərpa edib proqramı yenidən başladın.',
  CONFIG_INCOMPLETE:
    'İş yeri tam qurulmayıb, çatışmayan və ya səhv olan: {gaps}. Heç bir məlumat itməyib. İnzibatçı konfiqurasiya faylını tamamlamalıdır.',
  BROWSER_SHELL_REFUSES_PRODUCTION:
    'Brauzer qabığı yalnız təlim üçündür və istehsal bazasını açmır. Heç bir məlumat itməyib. İş yerini quraşdırılmış Qeyd proqramı ilə açın.',
  DATABASE_NEWER:
    'Bazanı bu proqramdan daha yeni versiya yazıb. Baza olduğu kimi qalıb, heç nə dəyişdirilməyib. Proqramı yeniləyib yenidən başladın.',
  DATABASE_KEY: 'Bazanın açarı uyğun gəlmir. Baza olduğu kimi qalıb. Bu iş yerini quran inzibatçıya müraciət edin.',
  DATABASE_DAMAGED:
    'Baza faylı zədələnib. Fayla toxunulmayıb. Faylı silməyin: nəzarətçi və ya hüquqlar inzibatçısı bərpa səhifəsində onu bərpa edir.',
  DATABASE_IN_USE: 'Proqram bu iş yerində artıq açıqdır. Heç nə itməyib. Açıq pəncərəyə keçin və ya əvvəlcə onu bağlayın.',
  DISK_FULL: 'Diskdə yer qalmayıb. Yadda saxlanılmış məlumat itməyib. Yer boşaldıb proqramı yenidən başladın.',
  SECRET_MISSING: 'Bazanın açarı tapılmadı ({name}). Baza olduğu kimi qalıb. İnzibatçıya müraciət edin.',
  NODE_TOO_OLD: 'Proqram Node 24 tələb edir, işləyən versiya: {version}. Proqramı npm start əmri ilə başladın.',
  SECRET_STORE_WEAK:
    'Bu kompüterdə etibarlı açar saxlancı yoxdur, ona görə baza açılmadı. Heç bir məlumat itməyib. İnzibatçı sistemin açar saxlancını quraşdırmalıdır.',
  CHROMIUM_MISSING: 'Chromium tapılmadı, pəncərə açıla bilmir. Heç nə itməyib. Ünvanı öz brauzerinizdə açın: {address}',
  CORE_CRASHED: 'Proqramın mühərriki dayandı və yenidən başlamadı. Yadda saxlanılmış məlumat itməyib. Proqramı yenidən başladın.',
};

/** Azerbaijani sentence for a start failure; an unknown code is named so that support can look it up. */
export function describeStartFailure(failure: {
  readonly code: string;
  readonly params: Readonly<Record<string, string | number>>;
}): string {
  const sentence =
    sentences[failure.code] ?? `Proqram başlaya bilmədi (${failure.code}). Yadda saxlanılmış məlumat itməyib. Dəstəyə bu kodu deyin.`;
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => String(failure.params[name] ?? ''));
}
