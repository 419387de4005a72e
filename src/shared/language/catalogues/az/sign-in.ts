/** Sign-in and lock. */
export const signIn = {
  title: 'Giriş',
  login: 'İstifadəçi adı',
  password: 'Şifrə',
  showPassword: 'Şifrəni göstər',
  role: 'Rol',
  firstRole: 'Təyin olunmuş rol',
  submit: 'Daxil ol',
  offline: 'Mərkəzi reyestrlə əlaqə yoxdur. Son 7 gündə bu masada onlayn daxil olanlar işə başlaya bilər.',
  trainingOperators: 'Təlim istifadəçiləri',
  locked: 'Ekran kilidlidir',
  lockedHint: '{{name}} işə qayıtmaq üçün şifrəsini yazmalıdır. Açıq iş olduğu kimi qalır.',
  unlock: 'Kilidi aç',
  signOut: 'Çıxış',
  signOutQuestion: 'Yadda saxlanılan heç nə itmir. Sistemdən çıxılsın?',
} as const;
