import { createHash } from 'node:crypto';
import type { OrganisationAnswer, PersonAnswer, SimAnswer } from '../../shared/registry-api/endpoints.ts';
import type { IdentityDocumentKind } from '../../shared/rules/vocabulary.ts';
import { listCertificatesOnPhone, toIssued } from '../certification/certificate-records.ts';
import { findBoundIccid } from '../provider/mobile-signature.ts';
import { drawPortrait } from '../population/portrait.ts';
import { getPopulation } from '../population/population.ts';
import type { RegisteredDocument, RegisteredOrganisation, RegisteredPerson, RegisteredSim } from '../population/records.ts';
import type { Registry } from '../registry.ts';
import type { Register } from '../server/faults.ts';
import { RegistryError } from '../server/registry-error.ts';

/** Foreigners, stateless persons and refugees are in the migration system, citizens in İAMAS. Source */
const foreignDocuments: readonly IdentityDocumentKind[] = ['temporary_permit', 'permanent_permit', 'refugee_card', 'foreign_passport'];

export function registerOfDocument(kind: string): 'İAMAS' | 'VMMS' {
  return foreignDocuments.some((each) => each === kind) ? 'VMMS' : 'İAMAS';
}

/** A number with or without its series is the same number. */
function documentKey(number: string): string {
  return number
    .toUpperCase()
    .replace(/[\s№#-]/gu, '')
    .replace(/^(?:AZE|DYİ|DYI|MYİ|MYI)(?=\d)/u, '');
}

export interface PersonKey {
  readonly fin: string;
  readonly documentKind: string;
  readonly documentNumber: string;
  readonly birthOn: string;
}

/** The person whose FİN, document and birth date all agree with the register. */
export function findPerson(key: PersonKey): { person: RegisteredPerson; document: RegisteredDocument } | null {
  const person = getPopulation().people.get(key.fin);
  if (person === undefined || person.register !== registerOfDocument(key.documentKind) || person.birthOn !== key.birthOn) return null;
  const kind = key.documentKind === 'judge' ? 'citizen_card' : key.documentKind;
  const document = person.documents.find((each) => each.kind === kind && documentKey(each.number) === documentKey(key.documentNumber));
  return document === undefined ? null : { person, document };
}

/** The person of a FİN, whatever document was shown. */
export function findPersonByFin(fin: string): RegisteredPerson | null {
  return getPopulation().people.get(fin) ?? null;
}

export function findOrganisation(voen: string): RegisteredOrganisation | null {
  return getPopulation().organisations.get(voen) ?? null;
}

export function findSim(phone: string): RegisteredSim | null {
  return getPopulation().sims.get(phone) ?? null;
}

/** The operator made this card for this number, as its first one or as a duplicate. */
export function isCardOfSim(sim: RegisteredSim, iccid: string): boolean {
  return iccid === sim.iccid || iccid === sim.duplicateIccid;
}

/** A register that is out answers nothing: for the desk no attempt. Source: C-06, M-43 */
export function requireRegister(registry: Registry, register: Register): void {
  if (registry.faults.isOut(register)) throw new RegistryError(503, 'REGISTER_UNAVAILABLE', { detail: register }, 5);
}

export function stamp(registry: Registry, queryId: string) {
  return { queryId, atMs: registry.nowMs(), registerVersion: getPopulation().version };
}

export async function lookUpPerson(
  registry: Registry,
  query: PersonKey & { queryId: string; wantsPhoto?: boolean },
): Promise<PersonAnswer> {
  const system = registerOfDocument(query.documentKind);
  requireRegister(registry, system);
  const found = findPerson(query);
  const photo = found !== null && query.wantsPhoto === true ? await drawPortrait(found.person) : null;
  return {
    ...stamp(registry, query.queryId),
    system,
    person:
      found === null
        ? null
        : {
            fin: found.person.fin,
            surname: found.person.surname,
            givenName: found.person.givenName,
            fatherName: found.person.fatherName,
            sex: found.person.sex,
            birthOn: found.person.birthOn,
            birthPlace: found.person.birthPlace,
            citizenship: found.person.citizenship,
            registeredAddress: found.person.registeredAddress,
            document: { ...found.document },
            ...(photo === null
              ? {}
              : { photo: { sha256: createHash('sha256').update(photo).digest('hex'), content: photo.toString('base64') } }),
          },
  };
}

export function lookUpOrganisation(registry: Registry, query: { queryId: string; voen: string }): OrganisationAnswer {
  requireRegister(registry, 'VÖEN');
  const found = findOrganisation(query.voen);
  return {
    ...stamp(registry, query.queryId),
    system: 'VÖEN',
    organisation:
      found === null
        ? null
        : {
            voen: found.voen,
            name: found.name,
            bodyKind: found.bodyKind,
            address: found.address,
            headFin: found.headFin,
            taxOffice: found.taxOffice,
          },
  };
}

/** The service as the operator opened it and every certificate that the number ever had. Source: X-05, CR-27, C-36 */
export async function lookUpSim(registry: Registry, query: { queryId: string; phone: string; iccid: string }): Promise<SimAnswer> {
  requireRegister(registry, 'MO');
  const found = findSim(query.phone);
  const known =
    found === null
      ? { records: [], bound: undefined }
      : await registry.store.read(async (session) => ({
          records: await listCertificatesOnPhone(session, found.phone),
          bound: await findBoundIccid(session, found.phone),
        }));
  return {
    ...stamp(registry, query.queryId),
    system: 'MO',
    sim:
      found === null
        ? null
        : {
            phone: found.phone,
            iccid: isCardOfSim(found, query.iccid) ? query.iccid : (known.bound ?? found.iccid),
            operator: found.operator,
            serviceType: found.serviceType,
            serviceActivatedOn: found.serviceActivatedOn,
            serviceUntilOn: found.serviceUntilOn,
            ownerFin: found.ownerFin,
            isCorporate: found.isCorporate,
            certificates: known.records.map((record) => {
              const { der: _der, ...shown } = toIssued(record);
              return { ...shown, holderFin: record.holderFin };
            }),
          },
  };
}
