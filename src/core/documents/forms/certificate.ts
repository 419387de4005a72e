import { fieldTable, fullName, dateText, momentText, paragraph, signatureBlock, titleBlock, type FormBody } from '../layout.ts';
import type { CertificatePaper } from '../models.ts';
import { fill, wordOf, type Templates, type Words } from '../templates.ts';
import { holderLine } from './holder-line.ts';

/** F-20, the paper of one signing certificate; an authentication certificate has none. Source: SIM-15; Təlimat §6.2, §6.3; C-09 */
export function certificateForm(paper: CertificatePaper, words: Words, template: Templates['F-20']): FormBody {
  const { card, certificate, data, head, signer } = paper;
  if (certificate.kind === 'AUT') throw new Error('An authentication certificate is never printed');
  const label = (key: string): string => wordOf(template.labels, key);
  const rows: [string, string][] = [
    [label('serial'), certificate.serial],
    [label('kind'), words.kinds[certificate.kind]],
    [label('holder'), fullName(data.person)],
    [label('fin'), data.person.fin],
    [label('birthOn'), dateText(data.person.birthOn)],
    [label('citizenship'), words.citizenships[data.person.citizenship] ?? data.person.citizenship],
  ];
  if (certificate.kind !== 'PER') {
    rows.push([label('voen'), certificate.voen], [label('organisation'), certificate.organisationName]);
    rows.push([label('position'), data.organisation.position], [label('unit'), data.organisation.unit]);
    if (data.organisation.hasSealAuthority) rows.push([label('sealText'), data.organisation.sealText]);
    if (data.organisation.signatureScope !== '') rows.push([label('signatureScope'), data.organisation.signatureScope]);
  }
  rows.push(
    [label('carrier'), wordOf(template.values.carrier, data.carrier.kind)],
    card === undefined ? [label('phone'), data.carrier.phone] : [label('card'), card.serial],
    [label('notBefore'), momentText(certificate.notBeforeMs)],
    [label('notAfter'), momentText(certificate.notAfterMs)],
    [label('validityRule'), words.validityRules[certificate.validityRule]],
    [label('issuer'), template.values.issuer],
  );
  return {
    title: template.title,
    content: [
      ...titleBlock(template.title, { subtitle: fill(template.subtitle, { kind: words.kindsQuoted[certificate.kind] }) }),
      paragraph(template.lead),
      fieldTable(rows, words),
      { ul: template.notes, margin: [0, 4, 0, 4] },
      signatureBlock(
        [
          { title: template.signatures.centre, name: head.operatorName, hasSeal: true },
          holderLine(data, signer, template.signatures, words),
        ],
        words,
      ),
    ],
  };
}
