import { X509Certificate } from 'node:crypto';
import { civilDateAt } from '../../../shared/language/dates.ts';
import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import type { Desk } from '../../desk.ts';
import type { CardFacePaper, PaperWorker, RenderedPaper } from '../../documents/ports.ts';
import { findCardRequest } from '../../storage/repositories/card-request-repository.ts';
import { findRun } from '../../storage/repositories/production-repository.ts';

export interface CardPhoto {
  readonly bytes: Buffer;
  readonly mediaType: 'image/jpeg' | 'image/png';
}

/** The picture from the registry; null when the request has none. It is kept nowhere at this desk. Source: issue rule "photo" */
export async function readPhoto(
  desk: Desk,
  applicationId: string,
  kind: 'register' | 'attachment' | 'none',
): Promise<Result<CardPhoto | null, Failure>> {
  if (kind === 'none') return succeed(null);
  const answer = await desk.registry.cardPhoto(applicationId);
  if (!answer.ok) return answer.failure.code === 'NOT_FOUND' ? fail('PHOTO_MISSING') : answer;
  const { mediaType, content } = answer.value;
  if (mediaType === 'application/pdf') return fail('PHOTO_MISSING');
  return succeed({ bytes: Buffer.from(content, 'base64'), mediaType });
}

/** What stands on the face of a card, from the request, the certificates on the chip and the picture. Source: PRS-05 */
export async function faceOf(desk: Desk, runId: string): Promise<Result<{ model: CardFacePaper; photo: CardPhoto | null }, Failure>> {
  const run = findRun(desk.db, runId);
  const stored = run && findCardRequest(desk.db, run.applicationId);
  if (run === undefined || stored === undefined) return fail('NOT_FOUND');
  if (run.state !== 'made' || run.signCertificate === null) return fail('CARD_NOT_READY', { serial: run.cardSerial });
  const { request } = stored;
  const photo = await readPhoto(desk, request.applicationId, request.photo);
  if (!photo.ok) return photo;
  const certificate = new X509Certificate(Buffer.from(run.signCertificate));
  const model: CardFacePaper = {
    form: 'card-face',
    cardSerial: run.cardSerial,
    surname: request.surname,
    givenName: request.givenName,
    fatherName: request.fatherName,
    fin: request.fin,
    signingKind: request.signingKind,
    organisationName: request.organisation?.name ?? '',
    issuedOn: civilDateAt(Date.parse(certificate.validFrom)),
    validUntilOn: civilDateAt(Date.parse(certificate.validTo)),
    photo: photo.value === null ? '' : `data:${photo.value.mediaType};base64,${photo.value.bytes.toString('base64')}`,
    madeAtMs: run.endedAtMs ?? run.beganAtMs,
    isTraining: desk.identity.mode === 'training',
  };
  return succeed({ model, photo: photo.value });
}

/** The same model gives the same bytes: what is previewed is what is printed. */
export async function renderFace(desk: Desk, worker: PaperWorker, runId: string): Promise<Result<RenderedPaper, Failure>> {
  const face = await faceOf(desk, runId);
  return face.ok ? worker.render(face.value.model) : face;
}
