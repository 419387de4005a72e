/** The page for the moment when the database is damaged or its key is gone, and no screen exists. */
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
  keyTitle: 'Qeyd bazanın açarını tapmır',
  keyWhat:
    'Bu kompüter bazanın açarını itirib: kompüter dəyişib, açar saxlancı silinib və ya təhlükəsizlik çipi işləmir. Baza olduğu kimi qalıb, göndərilməmiş əməllər də daxil olmaqla heç nə itməyib.',
  keyHow:
    'Açarın ikinci, bağlı nüsxəsi bazanın yanında saxlanılır. Onu yalnız reyestr aça bilər və yalnız iki nəfərin təsdiqi ilə bu kompüterə qaytarır.',
  keyAsk: 'İş yeri: {{deskId}}. Yoxlama nömrəsi: {{checkNumber}}.',
  keyAskHint: 'Nəzarətçi nömrəni öz jurnalına yazır; reyestr və iş yeri də eyni nömrəni yazır.',
  keyWrapOf: 'Bağlı nüsxə {{at}} tarixlidir.',
  keyNone:
    'Bağlı nüsxə tapılmadı, nə bazanın yanında, nə də ehtiyat surətlərdə. Faylları silməyin. Ehtiyat surətlər başqa diskdə saxlanılıbsa, onları "backups" qovluğuna qaytarıb proqramı yenidən başladın, yoxsa dəstəyə müraciət edin.',
  keyFirst: 'Qeydiyyatçı və ya inzibatçı',
  keySecond: 'Nəzarətçi',
  keyReturn: 'Açarı qaytar',
  keyWorking: 'Reyestrdən soruşulur…',
  keyNoLink:
    'Reyestr cavab vermir. Açarı yalnız o qaytara bilər, ona görə əlaqə qayıdanda təkrarlayın. Baza və göndərilməmiş əməllər olduğu kimi qalıb, faylları silməyin.',
  keyDone: 'Açar qaytarıldı və bu kompüterdə saxlanıldı.',
  keyDoneBy: 'Təsdiq edənlər: {{firstLogin}} və {{secondLogin}}, {{at}}. Yoxlama nömrəsi: {{checkNumber}}.',
  keyDoneNext: 'Göndərilməmiş əməllər yerindədir və davam etdikdən sonra göndərilir. Jurnala yazılır.',
  DATABASE_IN_USE: 'Bu iş artıq gedir. Bitməsini gözləyin, heç nə itməyib.',
  FIRST_REFUSED: 'İş yerində çalışanın adı və ya şifrəsi düzgün deyil. Heç nə itməyib. Yenidən yazın.',
  SECOND_REFUSED: 'Nəzarətçinin adı və ya şifrəsi düzgün deyil. Heç nə itməyib. Yenidən yazın.',
  FIRST_NOT_ALLOWED:
    'Birinci şəxs bu iş yerinin qeydiyyatçısı və ya hüquqlar inzibatçısı olmalıdır və ilk şifrəsini dəyişmiş olmalıdır. Heç nə itməyib.',
  SECOND_NOT_ALLOWED: 'İkinci şəxs nəzarətçi olmalıdır və ilk şifrəsini dəyişmiş olmalıdır. Heç nə itməyib.',
  SAME_PERSON: 'Açarı bir nəfər qaytara bilməz. İkinci şəxs, nəzarətçi, öz adı və şifrəsini yazmalıdır.',
  DESK_REVOKED: 'Reyestr bu iş yerini bağlayıb, açar ona qaytarılmır. Baza olduğu kimi qalıb. Mərkəzə müraciət edin.',
  KEY_WRONG_DESK:
    'Bu məlumat qovluğu başqa iş yerinindir. Baza olduğu kimi qalıb. Öz iş yerinin qovluğunu qaytarın və ya inzibatçıya müraciət edin.',
  KEY_WRAP_DAMAGED:
    'Açarın bağlı nüsxəsi zədələnib. Baza olduğu kimi qalıb. Yenidən cəhd edin: növbəti dəfə ehtiyat surətdəki nüsxə götürülür. Alınmasa, mərkəzə müraciət edin.',
  KEY_WRAP_MISSING: 'Açarın bağlı nüsxəsi tapılmadı. Baza olduğu kimi qalıb. Faylları silməyin, dəstəyə müraciət edin.',
  RECOVERY_KEY_GONE:
    'Reyestrdə bu nüsxəni açan açar yoxdur. Baza olduğu kimi qalıb. Yenidən cəhd edin: növbəti dəfə başqa nüsxə götürülür. Alınmasa, mərkəz köhnə bərpa açarını reyestrə qaytarmalıdır.',
  KEY_REQUEST_USED: 'Bu sorğuya bir dəfə cavab verilib. Heç nə itməyib. Yeni yoxlama nömrəsi ilə yenidən cəhd edin.',
  KEY_ANSWER_INVALID:
    'Reyestrin cavabı bu sorğuya uyğun gəlmir və işlədilmədi. Heç nə itməyib. Yenidən cəhd edin, təkrarlansa təhlükəsizlik xidmətinə xəbər verin.',
  KEY_NOT_KEPT:
    'Açar gəldi, amma bu kompüterin açar saxlancı onu yazmadı. Heç nə itməyib. İnzibatçı saxlancı düzəltsin, sonra yenidən cəhd edin.',
} as const;
