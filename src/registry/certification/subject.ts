import type { ApplicationData } from '../../shared/rules/application-data.ts';
import type { RegisteredOrganisation, RegisteredPerson } from '../population/records.ts';
import type { CertificateSubject } from './authority.ts';

/** Names are those of the state registers, not those typed; unit and position are the applicant's word. */
export function subjectOf(
  person: RegisteredPerson,
  organisation: RegisteredOrganisation | null,
  data: ApplicationData,
): CertificateSubject {
  return {
    fin: person.fin,
    surname: person.surname,
    givenName: person.givenName,
    organisation:
      organisation === null
        ? null
        : { voen: organisation.voen, name: organisation.name, unit: data.organisation.unit, position: data.organisation.position },
  };
}
