/** The journal. */
export const audit = {
  verify: 'Zənciri yoxla',
  verifying: 'Yoxlanılır…',
  whole: 'Zəncir bütövdür: {{n}} sətir yoxlanıldı.',
  broken: 'Zəncir {{seq}} nömrəli sətirdə pozulub. İşi dayandırın və təhlükəsizliyə məlumat verin.',
  empty: 'Jurnal boşdur. Hər əməl burada iz qoyur.',
  older: 'Daha köhnə',
  newest: 'Ən yeni',
  seq: '№',
  detail: 'Təfərrüat',
  hash: 'Həş',
} as const;
