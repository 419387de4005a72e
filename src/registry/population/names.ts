type Words = readonly [string, ...string[]];

/** Common parts of Azerbaijani names and places, combined at random: together they name nobody. */
export const surnameStems: Words = [
  'Məmmədov', 'Əliyev', 'Həsənov', 'Hüseynov', 'Quliyev', 'İsmayılov', 'İbrahimov', 'Abbasov', 'Əhmədov', 'Süleymanov', 'Rzayev', 'Cəfərov', 'Kərimov',
  'Babayev', 'Orucov', 'Musayev', 'Nəbiyev', 'Vəliyev', 'Şirinov', 'Çobanov', 'Qəhrəmanov', 'Ağayev', 'Bağırov', 'Mürsəlov', 'Nağıyev', 'Tağıyev', 'Ömərov',
  'Üzeyirov', 'Xəlilov', 'Zeynalov', 'Səfərov', 'Novruzov', 'Göyçəyev', 'Yolçuyev', 'Pənahov', 'Fətullayev', 'Eyvazov', 'Dadaşov', 'Rüstəmov', 'Hacıyev',
];
export const surnamesOfBoth: Words = ['Qasımzadə', 'Mehdizadə', 'Şıxlı', 'Vəzirli', 'Əfəndi', 'Köçərli', 'Ağaoğlu', 'Sadıqlı', 'Çələbi', 'Muradlı', 'Bəyli', 'İldırımzadə'];
export const maleNames: Words = [
  'Elvin', 'Rəşad', 'Orxan', 'Tural', 'Kamran', 'Nicat', 'Anar', 'Vüsal', 'Ramil', 'Samir', 'Elçin', 'İlqar', 'Ülvi', 'Şahin', 'Çingiz', 'Toğrul', 'Fərid',
  'Mübariz', 'Əli', 'Hüseyn', 'Yusif', 'İbrahim', 'Ömər', 'Cavid', 'Fuad', 'Zaur', 'Rövşən', 'Natiq', 'Ağasəf', 'Xəyal', 'Pərviz', 'Qabil', 'Bəxtiyar', 'Dəyanət',
];
export const femaleNames: Words = [
  'Nuray', 'Aygün', 'Leyla', 'Günel', 'Sevinc', 'Nigar', 'Aysel', 'Fidan', 'Ülkər', 'Şəbnəm', 'Çinarə', 'Lalə', 'Zəhra', 'Fatimə', 'Xədicə', 'İlahə', 'Könül',
  'Gülnar', 'Pərvanə', 'Səidə', 'Təranə', 'Yeganə', 'Mədinə', 'Nərmin', 'Arzu', 'Dilarə', 'Röya', 'Vəfa', 'Jalə', 'Bənövşə', 'Əfsanə', 'Ruhəngiz',
];
export const foreignNames: readonly [ForeignName, ...ForeignName[]] = [
  { surname: 'DEMIR', male: 'EMRE', female: 'AYLIN', country: 'TUR' },
  { surname: 'YILDIZ', male: 'MURAT', female: 'ZEYNEP', country: 'TUR' },
  { surname: 'BERIDZE', male: 'GIORGI', female: 'NINO', country: 'GEO' },
  { surname: 'IVANOV', male: 'SERGEY', female: 'IRINA', country: 'RUS' },
  { surname: 'SMITH', male: 'JOHN', female: 'MARY', country: 'GBR' },
  { surname: 'DUPONT', male: 'JEAN', female: 'MARIE', country: 'FRA' },
  { surname: 'REZAEI', male: 'REZA', female: 'MARYAM', country: 'IRN' },
  { surname: 'SHEVCHENKO', male: 'ANDRIY', female: 'OKSANA', country: 'UKR' },
  { surname: 'KIM', male: 'MINJUN', female: 'SEOYEON', country: 'KOR' },
  { surname: 'GARCIA', male: 'CARLOS', female: 'LUCIA', country: 'ESP' },
];
export interface ForeignName {
  readonly surname: string;
  readonly male: string;
  readonly female: string;
  readonly country: string;
}
export const places: Words = [
  'Bakı şəhəri', 'Gəncə şəhəri', 'Sumqayıt şəhəri', 'Mingəçevir şəhəri', 'Şəki şəhəri', 'Lənkəran şəhəri', 'Naxçıvan şəhəri', 'Quba rayonu', 'Qəbələ rayonu',
  'Şamaxı rayonu', 'Göyçay rayonu', 'Ağcabədi rayonu', 'Balakən rayonu', 'Tovuz rayonu', 'Salyan rayonu', 'Zaqatala rayonu', 'İmişli rayonu', 'Masallı rayonu',
];
export const streets: Words = ['Çinar küçəsi', 'Üfüq küçəsi', 'Gülüstan küçəsi', 'İpək Yolu küçəsi', 'Ağ Şəhər küçəsi', 'Dəniz küçəsi', 'Şəfəq küçəsi', 'Yeni Həyat küçəsi', 'Xəzri küçəsi'];
export const tradeWords: Words = [
  'Xəzər', 'Şəfəq', 'Günəş', 'Odlar', 'Qafqaz', 'Araz', 'Bahar', 'Çinar', 'İpək', 'Zirvə', 'Ümid', 'Öncül', 'Dəniz', 'Səba', 'Ulduz', 'Çıraq', 'Irmaq', 'Müşfiq', 'Gəmi', 'Nar',
];
export const tradeKinds: Words = ['Tikinti', 'Ticarət', 'Logistika', 'Texnologiya', 'Aqro', 'Mebel', 'Tekstil', 'Servis', 'İnşaat', 'Ərzaq', 'Nəşriyyat', 'Enerji'];
export const bodySubjects: Words = ['Meliorasiya', 'Statistika', 'Arxiv', 'Kənd Yolları', 'Su Ehtiyatları', 'Meşə Təsərrüfatı', 'Turizm', 'Standartlar', 'Əmək Müfəttişliyi', 'Kitabxana'];

/** Upper case of an Azerbaijani word: i becomes İ and ı becomes I. */
export function azUpperCase(text: string): string {
  return text.replaceAll('i', 'İ').replaceAll('ı', 'I').toUpperCase();
}
