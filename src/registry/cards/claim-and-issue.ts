import type { CardOfCase } from '../../shared/registry-api/card-entities.ts';
import type { ApplicationEntity } from '../../shared/registry-api/endpoints.ts';
import { defaultCardKeys } from '../../shared/registry-api/policy.ts';
import { isCertificateLive } from '../../shared/rules/certificate-states.ts';
import { listCertificatesBySerial, toIssued, type CertificateRecord } from '../certification/certificate-records.ts';
import { issueCardCertificates } from '../certification/issue-card.ts';
import { rejected, type Effect, type EffectContext, type EffectResult } from '../intake/effect.ts';
import { withAct } from '../intake/effects/case-entity.ts';
import { findOrganisation, findPersonByFin, registerOfDocument } from '../registers/registers.ts';
import type { Registry } from '../registry.ts';
import { applied, cardStop, findCard, findCardCase, revokeSome, type CaseWithCard } from './card-case.ts';
import { claimCard, claimKey, listKeys } from './card-rows.ts';
import { checkRequest, type CheckedRequest } from './certificate-request.ts';

const retryAfterOutageMs = 5_000;

/** One card for one request, for ever. Asking again for the same card changes nothing, so an answer that was lost is asked for again. Source: PRS-03 */
export const claim: Effect<'card.claim'> = async (context) => {
  const { payload, nowMs } = context;
  const entity = findCardCase(context);
  if ('kind' in entity) return entity;
  if (entity.state !== 'PERSONALISING') return rejected('STATE', { state: entity.state }, entity.state);
  const { card } = entity;
  if (card !== null) {
    const isSame = card.serial === payload.cardSerial && card.chipSerial === payload.chipSerial && card.state === 'BLANK';
    return isSame ? applied(context, entity) : rejected('REQUEST_HAS_CARD', { serial: card.serial }, entity.state);
  }
  const stop = await claimCard(await context.openSession(), {
    serial: payload.cardSerial,
    chipSerial: payload.chipSerial,
    applicationId: payload.applicationId,
    atMs: nowMs,
  });
  if (stop !== null) return rejected(stop, { serial: payload.cardSerial }, entity.state);
  const claimed: CardOfCase = {
    serial: payload.cardSerial,
    chipSerial: payload.chipSerial,
    state: 'BLANK',
    envelopeNumber: '',
    packageNumber: '',
    claimedAtMs: nowMs,
    personalisedAtMs: null,
    certificateSerials: [],
    pinRequestId: '',
  };
  return applied(context, { ...entity, card: claimed }, payload.cardSerial);
};

/**
 * Certifies the two keys of the card: AUT and the one signing kind of the case, on hold until the hand-over. Source: AID-10, CR-28, CR-29
 */
export const issue: Effect<'card.issue'> = async (context) => {
  const { payload, registry } = context;
  const found = findCard(context, payload.cardSerial);
  if ('kind' in found) return found;
  const { entity, card } = found;
  const isRenewal = card.state === 'PIN_REISSUE';
  if (!isRenewal && card.state !== 'BLANK') return cardStop(entity, card);
  if (!isRenewal && entity.state !== 'PERSONALISING') return rejected('STATE', { state: entity.state }, entity.state);
  const needed = [
    'CA',
    registerOfDocument(entity.data.document.kind),
    ...(entity.data.kinds[0] === 'PER' ? [] : ['VÖEN' as const]),
  ] as const;
  if (needed.some((register) => registry.faults.isOut(register))) return { kind: 'deferred', retryAfterMs: retryAfterOutageMs };

  const allowed = allowedKeys(registry);
  const auth = await checkRequest(payload.authRequest, allowed);
  if (!auth.ok) return rejected(auth.code, { key: 'auth' }, entity.state);
  const sign = await checkRequest(payload.signRequest, allowed);
  if (!sign.ok) return rejected(sign.code, { key: 'sign' }, entity.state);
  if (auth.request.spkiSha256 === sign.request.spkiSha256) return rejected('KEY_TWICE', {}, entity.state);
  return await certify(context, found, auth.request, sign.request);
};

function allowedKeys(registry: Registry): typeof defaultCardKeys {
  return registry.policy?.current().card_keys ?? defaultCardKeys;
}

async function certify(
  context: EffectContext<'card.issue'>,
  { entity, card }: CaseWithCard,
  auth: CheckedRequest,
  sign: CheckedRequest,
): Promise<EffectResult> {
  const { registry, nowMs } = context;
  const session = await context.openSession();
  const keys = await listKeys(session, [auth.spkiSha256, sign.spkiSha256]);
  if (keys.size > 0) return await answerAgain(context, { entity, card }, keys.get(auth.spkiSha256), keys.get(sign.spkiSha256));

  const { data } = entity;
  const signingKind = data.kinds[0];
  const person = findPersonByFin(data.person.fin);
  if (person === null || signingKind === undefined) return rejected('M-10', { səbəb: 'PERSON_NOT_FOUND' }, entity.state);
  const organisation = signingKind === 'PER' ? null : findOrganisation(data.organisation.voen);
  if (signingKind !== 'PER' && organisation === null) return rejected('M-10', { səbəb: 'ORGANISATION_NOT_FOUND' }, entity.state);

  // What was made for this card before is worth nothing any more: its keys are gone.
  const before = await revokeSome(
    context,
    entity,
    (certificate) => card.certificateSerials.includes(certificate.serial) && isCertificateLive(certificate.state),
  );
  const records = await issueCardCertificates(session, registry.authority, {
    applicationId: entity.applicationId,
    data,
    person,
    organisation,
    keys: [
      { kind: 'AUT', publicKey: auth.publicKey },
      { kind: signingKind, publicKey: sign.publicKey },
    ],
    alreadyIssued: before.length,
    nowMs,
  });
  for (const [index, { spkiSha256 }] of [auth, sign].entries()) {
    const certificateSerial = records[index]?.serial ?? '';
    const isFirst = await claimKey(session, { spkiSha256, certificateSerial, applicationId: entity.applicationId, atMs: nowMs });
    if (!isFirst) return rejected('KEY_KNOWN', {}, entity.state);
  }
  return issued(context, { ...entity, certificates: [...before, ...records.map(toIssued)] }, card, records);
}

/** The same two keys of the same card again: the certificates they have. Any other key that was certified before is refused. */
async function answerAgain(
  context: EffectContext<'card.issue'>,
  { entity, card }: CaseWithCard,
  auth: { readonly certificateSerial: string } | undefined,
  sign: { readonly certificateSerial: string } | undefined,
): Promise<EffectResult> {
  const serials = [auth?.certificateSerial ?? '', sign?.certificateSerial ?? ''];
  const isOfCard = card.certificateSerials.length === 2 && card.certificateSerials.every((serial, index) => serials[index] === serial);
  const known = isOfCard ? await listCertificatesBySerial(await context.openSession(), serials) : [];
  if (known.length !== 2 || known.some((record) => record.state !== 'GENERATED')) return rejected('KEY_KNOWN', {}, entity.state);
  return issued(context, entity, card, known);
}

function issued(
  context: EffectContext<'card.issue'>,
  entity: ApplicationEntity,
  card: CardOfCase,
  records: readonly CertificateRecord[],
): EffectResult {
  const certificateSerials = records.map((record) => record.serial);
  const body = withAct(context, { ...entity, card: { ...card, certificateSerials } }, card.serial);
  return {
    kind: 'applied',
    change: { state: body.state, body, isRemark: true },
    answer: { certificates: records.map(toIssued) },
  };
}
