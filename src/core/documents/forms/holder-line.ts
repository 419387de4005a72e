import type { ApplicationData } from '../../../shared/rules/application-data.ts';
import { filerOf, findRepresentativePower } from '../../../shared/rules/signers.ts';
import type { Attendee } from '../../../shared/rules/vocabulary.ts';
import { dateText, fullName, type Signatory } from '../layout.ts';
import { fill, type Words } from '../templates.ts';

/**
 * The line on which the holder's side signs: the holder's name, or the representative's with the number and the day of the power of attorney by
 * which he signs. Source: COM-16, procedures.md §12
 */
export function holderLine(
  data: ApplicationData,
  signer: Attendee | undefined,
  titles: { readonly holder: string; readonly representative?: string },
  words: Words,
): Signatory {
  if (signerOf(data, signer) === 'applicant') return { title: titles.holder, name: fullName(data.person) };
  const power = findRepresentativePower(data);
  const byPower = power === undefined ? [] : [fill(words.byPower, { number: power.number, issuedOn: dateText(power.issuedOn) })];
  return { title: titles.representative ?? words.representative, name: fullName(data.representative.person), lines: byPower };
}

/** Who signs this paper: the one it was made for, else the one who files. Source: COM-16 */
export function signerOf(data: ApplicationData, signer: Attendee | undefined): Attendee {
  return signer ?? filerOf(data);
}
