import type { ApplicationData, IdentityDocument, Person } from './application-data.ts';
import { maskDocumentNumber, maskFin, maskPhone } from './mask.ts';

const hidden = '•••';

/**
 * A case for those who handle its papers and need not know the person: which documents and kinds, for whom in initials. Everything that the
 * rules about papers look at stays as it is.
 * Source; azerbaijan.md §14
 */
export function maskApplication(data: ApplicationData): ApplicationData {
  return {
    ...data,
    person: maskPerson(data.person),
    document: maskDocument(data.document),
    contact: {
      ...data.contact,
      registeredAddress: hide(data.contact.registeredAddress),
      actualAddress: hide(data.contact.actualAddress),
      phone: maskPhone(data.contact.phone),
      email: hide(data.contact.email),
    },
    carrier: { ...data.carrier, phone: maskPhone(data.carrier.phone), iccid: maskDocumentNumber(data.carrier.iccid) },
    representative: {
      ...data.representative,
      person: maskPerson(data.representative.person),
      document: maskDocument(data.representative.document),
    },
    powersOfAttorney: data.powersOfAttorney.map((power) => ({
      ...power,
      number: maskDocumentNumber(power.number),
      grantor: maskFin(power.grantor),
      grantee: maskFin(power.grantee),
    })),
  };
}

function maskPerson(person: Person): Person {
  const { fin, givenName, fatherName, birthPlace } = person;
  return {
    ...person,
    fin: maskFin(fin),
    givenName: initialOf(givenName),
    fatherName: initialOf(fatherName),
    birthOn: '',
    birthPlace: hide(birthPlace),
  };
}

function maskDocument(document: IdentityDocument): IdentityDocument {
  return { ...document, number: maskDocumentNumber(document.number), judgeCardNumber: maskDocumentNumber(document.judgeCardNumber) };
}

function initialOf(name: string): string {
  const [letter] = [...name.trim()];
  return letter === undefined ? '' : `${letter}.`;
}

function hide(text: string): string {
  return text === '' ? '' : hidden;
}
