import type { ApplicationData } from '../../shared/rules/application-data.ts';
import { decideValidity } from '../../shared/rules/certificate-kinds.ts';
import type { CertificateKind } from '../../shared/rules/vocabulary.ts';
import type { RegisteredOrganisation, RegisteredPerson, RegisteredSim } from '../population/records.ts';
import { makeSimKey, nameSimKey } from '../provider/mobile-signature.ts';
import type { Session } from '../store/store.ts';
import type { Authority } from './authority.ts';
import { insertCertificate, type CertificateRecord } from './certificate-records.ts';
import { subjectOf } from './subject.ts';

export interface IssueOrder {
  readonly applicationId: string;
  readonly data: ApplicationData;
  readonly kinds: readonly CertificateKind[];
  /** Names are those of the state register, not those typed. */
  readonly person: RegisteredPerson;
  readonly organisation: RegisteredOrganisation | null;
  readonly sim: RegisteredSim;
  /** How many certificates the number has had; the new ones are listed after them. */
  readonly alreadyOnPhone: number;
  readonly nowMs: number;
}

/**
 * One key and one certificate for each kind. They begin now, end by C-37, and stand on the list as certificateHold until activation.
 * Source: T-02, CR-20, C-37
 */
export async function issueCertificates(session: Session, authority: Authority, order: IssueOrder): Promise<CertificateRecord[]> {
  const notBeforeMs = Math.floor(order.nowMs / 1000) * 1000;
  const validity = decideValidity(notBeforeMs, order.sim.serviceUntilOn);
  const records: CertificateRecord[] = [];
  for (const kind of order.kinds) {
    const organisation = kind === 'BUS' || kind === 'STA' ? order.organisation : null;
    const key = await makeSimKey(session, order.sim.phone, kind === 'AUT' ? 'AUT' : 'signing');
    const { serial, der } = await authority.issue({
      kind,
      subject: subjectOf(order.person, organisation, order.data),
      publicKey: key.publicKey,
      notBeforeMs,
      notAfterMs: validity.notAfterMs,
    });
    await nameSimKey(session, key.keyId, serial);
    const record: CertificateRecord = {
      serial,
      kind,
      state: 'GENERATED',
      notBeforeMs,
      notAfterMs: validity.notAfterMs,
      validityRule: validity.rule,
      voen: organisation?.voen ?? '',
      organisationName: organisation?.name ?? '',
      der,
      applicationId: order.applicationId,
      holderFin: order.person.fin,
      phone: order.sim.phone,
      iccid: order.data.carrier.iccid,
    };
    await insertCertificate(session, record, order.alreadyOnPhone + records.length);
    records.push(record);
  }
  return records;
}
