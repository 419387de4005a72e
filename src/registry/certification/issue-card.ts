import type { ApplicationData } from '../../shared/rules/application-data.ts';
import { decideValidity } from '../../shared/rules/certificate-kinds.ts';
import type { CertificateKind } from '../../shared/rules/vocabulary.ts';
import type { RegisteredOrganisation, RegisteredPerson } from '../population/records.ts';
import type { x509 } from '../provision/x509.ts';
import type { Session } from '../store/store.ts';
import type { Authority } from './authority.ts';
import { insertCertificate, type CertificateRecord } from './certificate-records.ts';
import { subjectOf } from './subject.ts';

export interface CardIssueOrder {
  readonly applicationId: string;
  readonly data: ApplicationData;
  readonly person: RegisteredPerson;
  readonly organisation: RegisteredOrganisation | null;
  readonly keys: readonly { readonly kind: CertificateKind; readonly publicKey: x509.PublicKey }[];
  /** How many certificates the case has had; the new ones are listed after them. */
  readonly alreadyIssued: number;
  readonly nowMs: number;
}

/** No service term bounds a card: it is valid for three years. Source: CR-20, CR-28, T-02 */
const noServiceTermOn = '9999-12-31';

/** On the list as certificateHold until the hand-over. */
export async function issueCardCertificates(session: Session, authority: Authority, order: CardIssueOrder): Promise<CertificateRecord[]> {
  const notBeforeMs = Math.floor(order.nowMs / 1000) * 1000;
  const { notAfterMs } = decideValidity(notBeforeMs, noServiceTermOn);
  const records: CertificateRecord[] = [];
  for (const { kind, publicKey } of order.keys) {
    const organisation = kind === 'BUS' || kind === 'STA' ? order.organisation : null;
    const { serial, der } = await authority.issue({
      kind,
      subject: subjectOf(order.person, organisation, order.data),
      publicKey,
      notBeforeMs,
      notAfterMs,
    });
    const record: CertificateRecord = {
      serial,
      kind,
      state: 'GENERATED',
      notBeforeMs,
      notAfterMs,
      validityRule: 'three_years',
      voen: organisation?.voen ?? '',
      organisationName: organisation?.name ?? '',
      der,
      applicationId: order.applicationId,
      holderFin: order.person.fin,
      phone: '',
      iccid: '',
    };
    await insertCertificate(session, record, order.alreadyIssued + records.length);
    records.push(record);
  }
  return records;
}
