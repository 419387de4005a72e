import { wellKnown } from '../registry/index.ts';
import type { DeskConfig } from '../shared/platform/desk-config.ts';
import { writeMrz } from './mrz-writer.ts';

type Cast = NonNullable<NonNullable<DeskConfig['training']>['cast']>;

/** People with their documents, SIMs and organisations to practise with: all invented. */
export function trainingCast(): Cast {
  return wellKnown.people.flatMap((person) => {
    const document = person.documents[0];
    const sim = wellKnown.sims.find(({ ownerFin }) => ownerFin === person.fin);
    const organisation = wellKnown.organisations.find(
      ({ headFin, employeeFins }) => headFin === person.fin || employeeFins.includes(person.fin),
    );
    const standing = organisation === undefined ? '' : organisation.headFin === person.fin ? 'rəhbər' : 'işçi';
    return [
      {
        title: `${person.surname} ${person.givenName}`,
        fin: person.fin,
        mrz: writeMrz({ ...person, ...document }),
        phone: sim?.phone ?? '',
        iccid: sim?.iccid ?? '',
        voen: organisation?.voen ?? '',
        note: [organisation?.name ?? '', standing].filter((part) => part !== '').join(', '),
      },
    ];
  });
}
