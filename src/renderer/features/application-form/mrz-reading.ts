import { acceptedIdentityDocuments } from '../../../shared/rules/document-matrix.ts';
import type { ApplicationData, IdentityDocument, Person } from '../../../shared/rules/application-data.ts';
import { emptyApplicationData } from '../../../shared/rules/application-data.ts';
import type { MrzDocument } from '../../../shared/rules/mrz.ts';
import type { Category } from '../../../shared/rules/vocabulary.ts';

/**
 * The identity group as a zone fills it. Everything of another person that stood there before goes, so that two people can never be mixed
 * in one form; a second reading of the same document keeps what was typed beside it.
 */
export function identityFromZone(
  zone: MrzDocument,
  category: Category,
  now: { readonly person: Person; readonly document: IdentityDocument },
): { readonly person: Person; readonly document: IdentityDocument } {
  const empty = emptyApplicationData();
  const isSamePerson = zone.fin !== undefined && now.person.fin === zone.fin;
  const kept = isSamePerson ? now : { person: empty.person, document: empty.document };
  const accepted = acceptedIdentityDocuments(category);
  const kind = zone.possibleKinds.find((one) => accepted.includes(one)) ?? zone.possibleKinds[0] ?? now.document.kind;
  return {
    person: {
      ...kept.person,
      fin: zone.fin ?? '',
      surname: zone.surname,
      givenName: zone.givenName,
      sex: zone.sex,
      birthOn: zone.birthOn,
      citizenship: zone.nationality,
    },
    document: {
      ...kept.document,
      kind,
      number: zone.documentNumber,
      validUntilOn: zone.expiresOn ?? '',
      isUnlimited: zone.expiresOn === undefined,
    },
  };
}

const filledPaths = ['fin', 'surname', 'givenName', 'sex', 'birthOn', 'citizenship'].map((name) => `person.${name}`);

/** The whole form after a reading; what was taken over for the read fields is typed data again. */
export function withZone(data: ApplicationData, zone: MrzDocument): ApplicationData {
  const isSamePerson = zone.fin !== undefined && data.person.fin === zone.fin;
  return {
    ...data,
    ...identityFromZone(zone, data.category, data),
    adopted: isSamePerson
      ? data.adopted.filter((path) => !filledPaths.includes(path) && !path.startsWith('document.'))
      : data.adopted.filter((path) => !/^(?:person|document|contact)\./u.test(path)),
  };
}

/**
 * Whose document was read when a representative files: the one that is known by its FİN is read again; a new one is the representative's as soon
 * as the applicant's FİN stands in the form. Source: COM-16
 */
export function isForRepresentative(data: ApplicationData, zone: MrzDocument): boolean {
  const { person, representative } = data;
  if (!representative.isPresent || person.fin === '') return false;
  return zone.fin === undefined || zone.fin !== person.fin;
}

/** The representative's block after a reading of his document; the applicant's stays as it is. Source: COM-16 */
export function withRepresentativeZone(data: ApplicationData, zone: MrzDocument): ApplicationData {
  return {
    ...data,
    representative: { ...data.representative, ...identityFromZone(zone, 'K1', data.representative) },
    adopted: data.adopted.filter((path) => !path.startsWith('representative.')),
  };
}
