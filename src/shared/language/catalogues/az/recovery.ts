/** The page for the moment when the database is damaged and no screen exists. */
export const recovery = {
  title: 'Qeyd bazanı aça bilmir',
  code: 'Kod: {{code}}',
  what: 'Baza faylı zədələnib. Fayla toxunulmayıb və heç nə silinməyəcək.',
  how: 'Bərpa zamanı son yararlı ehtiyat surət götürülür, zədəli fayldan oxunan hər şey ona əlavə olunur, sonra reyestrdən hər şey yenidən oxunur.',
  copies: 'Ehtiyat surət: {{n}}, ən yenisi {{at}}.',
  noCopies: 'Ehtiyat surət yoxdur: baza yenidən qurulacaq, zədəli fayldan oxunanlar və reyestrdəkilər ona yazılacaq.',
  who: 'Bərpanı nəzarətçi və ya hüquqlar inzibatçısı öz adı və şifrəsi ilə başladır.',
  login: 'İstifadəçi adı',
  password: 'Şifrə',
  restore: 'Bərpa et',
  working: 'Bərpa olunur. Kompüteri söndürməyin, bu bir neçə dəqiqə çəkə bilər…',
  done: 'Baza bərpa edildi.',
  resume: 'Davam et',
  resuming: 'Proqram yenidən başlayır…',
  waiting: 'Mühərriklə əlaqə gözlənilir…',
  failed: 'Bərpa alınmadı ({{code}}). Heç nə silinməyib. Təkrarlayın və ya dəstəyə bu kodu deyin.',
} as const;
