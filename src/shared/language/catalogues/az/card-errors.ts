/** One sentence for every word of the card host and of signing in with a card: what happened, what was not lost, what to do next. */
export const cardErrors = {
  SERVICE_DOWN:
    'Kompüterin smart-kart xidməti işləmir. Heç nə itməyib. Xidmət işə düşəndə proqram özü davam edəcək; düşməsə, dəstəyə məlumat verin.',
  LINK_MISSING:
    'Kartla işləyən paket bu kompüterdə qurulmayıb. Kartsız işlər davam edir. Kart diaqnostikası səhifəsində yazılan sətri dəstəyə göstərin.',
  READER_UNKNOWN: 'Bu oxuyucu artıq qoşulu deyil. Heç nə dəyişməyib. Oxuyucunu qoşun və ya başqasını seçin.',
  CARD_ABSENT: 'Oxuyucuda kart yoxdur. Kartı axıra qədər taxın.',
  CARD_REMOVED: 'Kart iş bitməmiş çıxarıldı. Kartı yenidən taxın: onun vəziyyəti əvvəlcə oxunacaq, sonra davam edəcəksiniz.',
  CARD_RESET: 'Başqa proqram kartı sıfırladı. Kartı çıxarıb taxın və təkrarlayın.',
  CARD_SHARED: 'Kartı başqa proqram tutub. Həmin proqramı bağlayın və təkrarlayın.',
  CARD_MUTE: 'Kart cavab vermir: tərsinə taxılıb və ya kontaktları çirklidir. Çıxarın, kontaktları silin, çipi yuxarı tutub taxın.',
  CARD_TIMEOUT: 'Kart vaxtında cavab vermədi. Oxuyucu yenidən işə salındı; kartı çıxarıb taxın və təkrarlayın.',
  TRANSPORT_FAILED: 'Kartla rabitə kəsildi. Kartı çıxarıb taxın; təkrar olsa, oxuyucunu dəyişin.',
  CARD_NOT_OURS: 'Bu kart Asan İD deyil. Heç nə yazılmayıb. Asan İD kartını taxın.',
  CARD_EXCHANGED: 'Oxuyucuda başqa kart var. Heç nə yazılmayıb. Əvvəlki kartı geri taxın.',
  CARD_IN_USE: 'Kart artıq hazırlanıb və istifadədədir. Heç nə yazılmayıb, boş kart taxın.',
  CARD_NOT_OPEN: 'Kart bağlıdır, bu addım üçün açıq olmalıdır. Heç nə yazılmayıb.',
  CARD_NOT_CLOSED: 'Kartın hazırlanması başa çatmayıb, ona görə onunla işləmək olmaz. Kartı fərdiləşdirmə mərkəzinə qaytarın.',
  CARD_REFUSED:
    'Kart gözlənilməz cavab verdi. Heç nə təsdiqlənməyib. Kartı çıxarıb taxın; təkrar olsa, diaqnostika səhifəsində cavabın izahına baxın.',
  CARD_CHECK_FAILED: 'Kartda oxunan yazılanla eyni deyil. Bu kart verilə bilməz; onu kənara qoyun.',
  CERTIFICATE_OTHER_KEY: 'Sertifikat bu kartın açarına aid deyil. Karta yazılmayıb.',
  CODES_GONE: 'Bu kartın kodları artıq proqramda yoxdur. Yeni kodlar yaradın.',
  ENVELOPE_USED: 'Bu nömrəli zərf artıq çap olunub. Təkrar çap olunmur, yeni zərf götürün.',
  MAILER_FAILED: 'Zərf çap olunmadı, nömrəsi xarab sayılır. Printeri yoxlayın və yeni zərf götürün.',
  TOKEN_MISSING: 'Mərkəzin açar tokeni qoşulmayıb. Heç nə yazılmayıb. Tokeni qoşun və təkrarlayın.',
  TOKEN_FAILED: 'Mərkəzin açar tokeni cavab vermədi. Heç nə yazılmayıb. Tokeni çıxarıb taxın və təkrarlayın.',
  PIN_CANCELLED: 'PIN yazılmadı. Heç nə dəyişməyib, yenidən başlaya bilərsiniz.',
  PIN_WRONG: 'PIN düzgün deyil. Qalan cəhd azalıb; PIN zərfinə baxıb təkrarlayın.',
  PIN_BLOCKED: 'PIN bağlanıb: üç dəfə səhv yazılıb. Kart itməyib, PIN PUK kodu ilə açılır.',
  PIN_WEAK: 'Yeni PIN çox sadədir. PIN dəyişməyib; ardıcıl və ya eyni rəqəmlər, doğum tarixi olmayan başqasını seçin.',
  PUK_SPENT: 'PUK kodunun cəhdləri bitib. Bu kartı masada açmaq olmur: kodların yenidən verilməsi üçün müraciət qeydə alın.',
  CANCELLED: 'İş dayandırıldı. Heç nə dəyişməyib.',
  VIRTUAL_CARD_REFUSED:
    'Təlim kartı ilə bu əməliyyat alınmadı: kart oxuyucudadır və ya oxuyucu doludur. Heç nə dəyişməyib, siyahıya baxıb yenidən cəhd edin.',
  CARD_HOST_FAILED:
    'Kart proqramı cavab vermədi və yenidən işə salınır. Yadda saxlanılanlar itməyib, bir neçə saniyədən sonra təkrarlayın.',
  CARD_CHALLENGE_GONE: 'Giriş sorğusunun vaxtı keçib. Kartla girişi yenidən başladın.',
  CARD_SIGNATURE_INVALID:
    'Kartın imzası təsdiqlənmədi. Giriş olmadı; kartı çıxarıb taxın və təkrarlayın, təkrar olsa, dəstəyə məlumat verin.',
  CARD_FOREIGN: 'Bu kartın sertifikatını Mərkəz verməyib. Giriş olmadı, öz Asan İD kartınızı taxın.',
  CARD_NOT_BOUND:
    'Bu kart heç bir istifadəçiyə bağlanmayıb. Hüquqlar inzibatçısı kartı istifadəçiyə bağlasın; hələlik şifrə ilə daxil olun.',
  CARD_BOUND_TO_OTHER: 'Bu kart artıq başqa istifadəçiyə bağlıdır. Heç nə dəyişməyib, başqa kart seçin.',
  CARD_OF_OTHER: 'Bu, başqa əməkdaşın kartıdır. Ekranı kilidləyən kartı taxın.',
  CARD_LEFT: 'Kart giriş başa çatmamış çıxarıldı. Giriş olmadı, kartı taxıb təkrarlayın.',
  CARD_NEEDED: 'Bu iş kartla başlanıb və yalnız həmin kartla davam edir. Kartı taxın və PIN1 yazın.',
  CARD_OFFLINE_NOT_ALLOWED:
    'Əlaqə yoxdur və bu kartla son 7 gündə bu masada onlayn daxil olunmayıb. Əlaqə olanda kartla və ya indi şifrə ilə daxil olun.',
  CERTIFICATE_EXPIRED: 'Kartın sertifikatının vaxtı bitib. Giriş olmadı; şifrə ilə daxil olun və yeni kart üçün müraciət edin.',
  CERTIFICATE_REVOKED: 'Kartın sertifikatı ləğv edilib. Giriş olmadı; kart itibsə və tapılıbsa belə, hüquqlar inzibatçısına verin.',
  CERTIFICATE_NOT_ACTIVE: 'Kartın sertifikatı aktiv deyil (hələ aktivləşməyib və ya dayandırılıb). Giriş olmadı, şifrə ilə daxil olun.',
  SIGNATURE_MISSING: 'Bu əməl kartla imzalanmalıdır. Heç nə göndərilməyib; kartı taxın və PIN2 yazın.',
  SIGNATURE_NOT_GENUINE: 'Əməlin imzası onun mətninə və ya karta uyğun gəlmir. Reyestr əməli qəbul etməyib, yenidən imzalayın.',
} as const;
