import { formatDateOfficial, formatTime } from '../../../shared/language/dates.ts';
import { heading, listTable, paragraph, signatureBlock, titleBlock, type FormBody } from '../layout.ts';
import type { DayRegisterPaper } from '../models.ts';
import { fill, wordOf, type Templates, type Words } from '../templates.ts';

/** The list of the day's acts of the office; persons stay masked. Source: procedures.md §13, R-31 */
export function dayRegisterForm(paper: DayRegisterPaper, words: Words, template: Templates['day-register']): FormBody {
  const rows = paper.rows.map((row) => [
    formatTime(row.atMs),
    template.kinds[row.kind] ?? row.kind,
    row.personMasked,
    row.serials.length === 0 ? words.none : row.serials.join('\n'),
    row.operatorName,
    wordOf(template.documents, row.documents),
    wordOf(template.sync, row.sync),
    wordOf(template.review, row.review),
  ]);
  const nameOf = (role: DayRegisterPaper['preparedBy']): string => (paper.preparedBy === role ? paper.head.operatorName : '');
  const counts = Object.entries(paper.counts).map(([kind, count]) => [template.kinds[kind] ?? kind, String(count)]);
  const total = Object.values(paper.counts).reduce((sum, count) => sum + count, 0);
  return {
    title: template.title,
    isLandscape: true,
    content: [
      ...titleBlock(template.title, {
        subtitle: fill(template.lead, { office: paper.head.officeName, date: formatDateOfficial(paper.on) }),
      }),
      rows.length === 0 ? paragraph(template.empty) : listTable(template.columns, rows, [34, 118, '*', 128, 100, 66, 72, 64], 8.5),
      heading(template.countsTitle),
      listTable([template.columns[1] ?? '', template.total], [...counts, [template.total, String(total)]], [260, 60]),
      signatureBlock(
        [
          { title: template.signatures.registrar, name: nameOf('registrar') },
          { title: template.signatures.supervisor, name: nameOf('supervisor') },
        ],
        words,
      ),
    ],
  };
}
