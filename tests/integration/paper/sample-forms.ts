import type {
  AcceptancePaper,
  ActivationPaper,
  ApplicationPaper,
  CarriagePaper,
  CertificatePaper,
  ContractPaper,
  DayRegisterPaper,
  PaperModel,
  PinContractPaper,
  RefusalPaper,
} from '../../../src/core/documents/ports.ts';
import { momentMs, sampleCertificate, sampleCertificates, sampleData, sampleHead } from './sample-case.ts';

/** One paper of each form, from the sample case. */
export const contract = (copy: number): ContractPaper => ({
  form: 'appendix-5',
  head: sampleHead('BAK1-01-2026-000002', copy, 2),
  data: sampleData(),
  certificates: sampleCertificates,
});
export const application: ApplicationPaper = {
  form: 'appendix-1',
  head: sampleHead('BAK1-01-2026-000001'),
  data: sampleData(),
  filedAtMs: momentMs,
  hasSecretAnswer: true,
  lookUps: [{ system: 'İAMAS', outcome: 'found', atMs: momentMs }],
};
export const business = sampleCertificate('BUS', 3);
export const certificate: CertificatePaper = {
  form: 'F-20',
  head: sampleHead('BAK1-01-2026-000003', 1, 2),
  data: sampleData(),
  certificate: business,
};
export const notice: ActivationPaper = {
  form: 'appendix-10',
  head: sampleHead('BAK1-01-2026-000004'),
  data: sampleData(),
  certificates: sampleCertificates,
  userId: '010191',
};
const card = { serial: 'A0B1C2D3', envelopeNumber: 'A0B1C2D3-01' };
/** The sample case, with a card instead of a SIM. */
const cardData = () => {
  const data = sampleData();
  return { ...data, kinds: ['BUS' as const], carrier: { ...data.carrier, kind: 'asan_id' as const } };
};
const cardCertificates = sampleCertificates.filter(({ kind }) => kind !== 'PER');
export const cardContract = (copy: number): ContractPaper => ({
  form: 'appendix-6',
  head: sampleHead('BAK1-01-2026-000012', copy, 2),
  data: cardData(),
  certificates: cardCertificates,
  card,
});
export const acceptance: AcceptancePaper = {
  form: 'F-23',
  head: sampleHead('BAK1-01-2026-000013'),
  data: cardData(),
  applicationId: '0192b5c0-0000-7000-8000-000000000001',
  filedAtMs: momentMs,
};
export const cardNotice: ActivationPaper = {
  form: 'appendix-10',
  head: sampleHead('BAK1-01-2026-000014'),
  data: cardData(),
  certificates: cardCertificates,
  userId: '',
  card,
};
export const cardCertificate: CertificatePaper = {
  form: 'F-20',
  head: sampleHead('BAK1-01-2026-000015', 1, 2),
  data: cardData(),
  certificate: business,
  card,
};
export const cardApplication: ApplicationPaper = { ...application, data: cardData() };
export const refusal: RefusalPaper = {
  form: 'F-36',
  head: sampleHead('BAK1-01-2026-000005'),
  data: sampleData(),
  refusedAtMs: momentMs,
  reasonCode: 'document_expired',
  note: 'Yeni sənəd gözlənilir',
  invalidityNote: true,
  returnedDocuments: [
    { document: 'D-02', note: '' },
    { document: 'D-10', note: 'zərfdə' },
  ],
};
export const register: DayRegisterPaper = {
  form: 'day-register',
  head: sampleHead('BAK1-01-2026-000006'),
  preparedBy: 'registrar',
  on: '2026-11-22',
  rows: [
    {
      atMs: momentMs,
      kind: 'application.send',
      personMasked: 'Ə. Ç., QY••••1',
      serials: [business.serial],
      operatorName: 'Nərgiz Qəhrəmanlı',
      documents: 'complete',
      sync: 'registered',
      review: 'none',
    },
  ],
  counts: { 'application.send': 1 },
};
export const pinContract: PinContractPaper = {
  form: 'F-21',
  head: sampleHead('BAK1-01-2026-000007', 1, 2),
  person: sampleData().person,
  document: sampleData().document,
  cardSerial: '0100000000000042',
  filedAtMs: momentMs,
};
export const carriage = (form: CarriagePaper['form']): CarriagePaper => ({
  form,
  head: sampleHead('BAK1-01-2026-000008', 1, 2),
  packageNumber: 'TLM1-P-000017',
  fromName: 'Kart fərdiləşdirmə mərkəzi',
  toName: 'Bakı 1 saylı mərkəz',
  courierName: 'Əşrəf Göyçaylı',
  courierFin: 'QYD9001',
  dispatchedAtMs: momentMs,
  giver: 'Nərgiz Qəhrəmanlı',
  receiver: '',
  rows: [
    { cardSerial: '0100000000000042', envelopeNumber: 'Z-000042', note: '' },
    { cardSerial: '0100000000000043', envelopeNumber: '', note: 'envelope_missing' },
  ],
});
export const everyForm: readonly PaperModel[] = [
  application,
  contract(1),
  cardContract(1),
  acceptance,
  certificate,
  notice,
  refusal,
  register,
  pinContract,
  ...(['F-24', 'F-25', 'F-26', 'F-27', 'F-28', 'F-29'] as const).map(carriage),
];
