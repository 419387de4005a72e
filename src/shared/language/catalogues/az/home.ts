/** The home page. */
export const home = {
  due: 'Görüləcək işlər',
  empty: 'Görüləcək iş yoxdur. Yeni ərizə üçün F2 düyməsini basın.',
  emptyForRole: 'Görüləcək iş yoxdur. Sizin addımınızı gözləyən ərizə burada görünəcək.',
  late: '{{time}} gecikir',
  left: '{{time}} qalıb',
  'count.dueToday': 'Bu gün bitir',
  'count.breached': 'Müddəti keçib',
  'count.returned': 'Düzəliş üçün qaytarılıb',
  'count.drafts': 'Qaralamalar',
  'count.mine': 'Mənim ərizələrim',
  'count.office': 'Ofisin ərizələri',
} as const;
