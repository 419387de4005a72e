import { v7 as uuidv7 } from 'uuid';
import type { ApplicationView } from '../../../src/shared/contract/application.ts';
import { wellKnown } from '../../../src/registry/index.ts';
import { applicationDataSchema, type ApplicationData } from '../../../src/shared/rules/application-data.ts';
import type { LookUpKind } from '../../../src/shared/rules/vocabulary.ts';
import type { DeskClient } from '../../../src/shared/contract/index.ts';
import { until, type TestCore } from './test-core.ts';

export const newId = (): string => uuidv7();

export interface Applicant {
  readonly fin: string;
  readonly phone: string;
  readonly change?: (data: ApplicationData) => ApplicationData;
}
/** Nuray, a citizen with a Personal SIM. */
export const nuray: Applicant = { fin: 'QYD0001', phone: '+994500000001' };

/** What the registrar types for one of the well-known people. */
export function typedDataOf({ fin, phone, change }: Applicant): ApplicationData {
  const person = wellKnown.people.find((each) => each.fin === fin);
  const sim = wellKnown.sims.find((each) => each.phone === phone);
  const document = person?.documents[0];
  if (person === undefined || sim === undefined || document === undefined) throw new Error(`${fin} with ${phone} is not in the cast`);
  const data = applicationDataSchema.parse({
    category: 'K1',
    document: {
      kind: document.kind,
      number: document.number,
      issuedBy: document.issuedBy,
      issuedOn: document.issuedOn,
      validUntilOn: document.isUnlimited ? '' : document.validUntilOn,
      isUnlimited: document.isUnlimited,
    },
    person: {
      fin,
      surname: person.surname,
      givenName: person.givenName,
      fatherName: person.fatherName,
      sex: person.sex,
      birthOn: person.birthOn,
      birthPlace: person.birthPlace,
      citizenship: person.citizenship,
    },
    contact: { registeredAddress: person.registeredAddress, phone, notifyBy: 'sms' },
    carrier: { phone, iccid: sim.iccid, operator: sim.operator },
    presented: Object.fromEntries(['D-01', 'D-02', 'D-09', 'D-10'].map((code) => [code, { isShown: true }])),
  });
  return change === undefined ? data : change(data);
}

/** A draft with everything typed, identity confirmed, consent and secret answer given; nothing looked up yet. */
export async function fillDraft(client: DeskClient, applicant: Applicant = nuray): Promise<ApplicationView> {
  const { category, carrier } = typedDataOf(applicant);
  const created = await client.application.create({ commandId: newId(), category, carrier: carrier.kind });
  const { applicationId } = created;
  await client.application.saveDraft({ applicationId, version: created.version, data: typedDataOf(applicant) });
  await client.application.confirmBearer({ commandId: newId(), applicationId, isBearer: true });
  await client.application.giveConsent({ commandId: newId(), applicationId, textVersion: '2026-1' });
  const { application } = await client.application.setSecretAnswer({
    commandId: newId(),
    applicationId,
    question: 'first_school',
    answer: 'Ərəb Məktəbi',
  });
  return application;
}

/** Looks up as a registrar does: a register that did not answer in time is asked again, which counts as no attempt. */
export async function lookUpAll(client: DeskClient, applicationId: string, kinds: readonly LookUpKind[] = ['person', 'sim']) {
  let last: ApplicationView | undefined;
  for (const kind of kinds) {
    for (let tries = 0; tries < 5; tries += 1) {
      ({ application: last } = await client.application.lookUp({ commandId: newId(), applicationId, kind }));
      if (last.lookUps.findLast((lookUp) => lookUp.kind === kind)?.outcome !== 'unavailable') break;
    }
  }
  if (last === undefined) throw new Error('nothing was looked up');
  return last;
}

/** Makes and prints every copy of a form and says that it came out well. */
export async function printForm(
  core: TestCore,
  applicationId: string,
  form: 'appendix-1' | 'appendix-5' | 'appendix-6' | 'F-20' | 'F-23' | 'appendix-10' | 'F-36',
  certificateSerial = '',
) {
  const { client } = core;
  const prepared = await client.paper.prepare({ commandId: newId(), applicationId, form, certificateSerial });
  const paperIds = prepared.map(({ paperId }) => paperId);
  const printer = (await client.paper.listPrinters()).find(({ isFile }) => isFile)?.name;
  if (printer === undefined) throw new Error('there is no file printer');
  await client.paper.print({ commandId: newId(), paperIds, printer });
  return client.paper.confirm({ commandId: newId(), paperIds, verdict: 'good' });
}

/** From an empty form to CONTRACT. */
export async function sendCase(core: TestCore, applicant: Applicant = nuray): Promise<ApplicationView> {
  const { applicationId } = await fillDraft(core.client, applicant);
  await lookUpAll(core.client, applicationId);
  const { application } = await core.client.application.send({ commandId: newId(), applicationId });
  return application;
}

export async function signContract(core: TestCore, applicationId: string): Promise<ApplicationView> {
  await printForm(core, applicationId, 'appendix-5');
  const answer = await core.client.application.confirmContractSigned({
    commandId: newId(),
    applicationId,
    centreSigned: true,
    applicantSigned: true,
  });
  return answer.application;
}

export async function printCertificates(core: TestCore, application: ApplicationView): Promise<void> {
  for (const { serial, kind } of application.certificates)
    if (kind !== 'AUT') await printForm(core, application.applicationId, 'F-20', serial);
}

/** A one-page PDF small enough to be written here. */
const pagePdf = Buffer.from(
  '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n' +
    'xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000054 00000 n \n0000000105 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n170\n%%EOF\n',
  'latin1',
);

export async function captureScan(core: TestCore, applicationId: string, document: 'D-01' | 'D-02' | 'D-09' | 'contract'): Promise<void> {
  // Every document is another file: the name of the document makes the bytes differ.
  const bytes = Buffer.concat([pagePdf, Buffer.from(`%${applicationId} ${document}\n`)]);
  const { scanId } = await core.client.scan.begin({
    commandId: newId(),
    applicationId,
    document,
    fileName: `${document}.pdf`,
    sizeBytes: bytes.length,
  });
  await core.client.scan.append({ scanId, offset: 0, base64: bytes.toString('base64') });
  await core.client.scan.finish({ scanId });
}

/** Until everything that was queued has its receipt. */
export async function drained(core: TestCore, applicationId: string): Promise<ApplicationView> {
  await until(async () => (await core.client.application.get({ applicationId })).sync === 'registered');
  return core.client.application.get({ applicationId });
}
