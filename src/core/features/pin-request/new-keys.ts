import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import type { CardHostRequest, KeyAlgorithm } from '../../../shared/card-host/host-protocol.ts';
import type { IssuedCertificate } from '../../../shared/registry-api/envelope.ts';
import type { Actor } from '../../act/act.ts';
import { findApplication } from '../../storage/repositories/application-repository.ts';
import type { StoredPinRequest } from '../../storage/repositories/pin-request-repository.ts';
import type { PinContext } from './context.ts';

export interface CardInReader {
  readonly readerName: string;
  readonly chipSerialHex: string;
  readonly cardSerial: string;
}

/**
 * A card whose PUK is spent is wiped and made anew: new codes, new keys on the chip, certificates for them, closed and read back. The registry revokes the
 * old certificates when it certifies the new keys. Broken off anywhere it is begun again from the wiping: certificates of keys that were given up are revoked
 * by the next. Source: cards.md §3.2; ADR-0027; PIN-11
 */
export async function makeNewKeys(
  context: PinContext,
  actor: Actor,
  stored: StoredPinRequest,
  card: CardInReader,
  algorithm: KeyAlgorithm,
): Promise<Result<null, Failure>> {
  const { cards } = context;
  const ask = async (...requests: readonly CardHostRequest[]): Promise<Result<null, Failure>> => {
    for (const request of requests) {
      const answer = await cards.ask(request);
      if (!answer.ok) return answer;
    }
    return succeed(null);
  };
  const begun = await ask({ kind: 'wipe', ...card }, { kind: 'codes', ...card }, { kind: 'keys', ...card, algorithm });
  if (!begun.ok) return begun;
  const requests = await cards.ask({ kind: 'requests', ...card, algorithm });
  if (!requests.ok) return requests;
  const issued = await certify(context, actor, stored, requests.value);
  if (!issued.ok) return issued;
  const [auth, sign] = [issued.value.find(({ kind }) => kind === 'AUT'), issued.value.find(({ kind }) => kind !== 'AUT')];
  if (auth === undefined || sign === undefined) return fail('REGISTRY_ANSWER_INVALID', {}, true);
  const certificates = { auth: bytesOf(auth), sign: bytesOf(sign) };
  return ask(
    { kind: 'certificates', ...card, ...certificates },
    { kind: 'objects', ...card, algorithm },
    { kind: 'close', ...card },
    { kind: 'verify', ...card, ...certificates },
  );
}

/** Online: nothing is promised for keys that the registry has not certified. */
async function certify(
  { desk }: PinContext,
  actor: Actor,
  { applicationId, cardSerial, requestId }: StoredPinRequest,
  requests: { readonly auth: Uint8Array; readonly sign: Uint8Array },
): Promise<Result<readonly IssuedCertificate[], Failure>> {
  const commandId = desk.random.uuid();
  const authRequest = Buffer.from(requests.auth).toString('base64');
  const signRequest = Buffer.from(requests.sign).toString('base64');
  const asked = desk.acts.perform<null>({ commandId, operation: 'card.issue', actor, input: { requestId } }, (tx) =>
    succeed({
      value: null,
      audit: { act: 'card.issue', applicationId, detail: { serial: cardSerial, request: requestId } },
      intent: {
        kind: 'card.issue' as const,
        payload: { applicationId, cardSerial, authRequest, signRequest },
        aggregate: { type: 'application' as const, key: applicationId },
        baseRev: findApplication(tx, applicationId)?.rev ?? null,
        leaseToken: 0,
      },
    }),
  );
  if (!asked.ok) return asked;
  const settled = await desk.sync.settleIntent(commandId);
  if (!settled.ok) return settled;
  const { result } = settled.value;
  if (result.outcome === 'applied') return succeed(result.certificates ?? []);
  return result.outcome === 'rejected' ? fail('REGISTRY_REJECTED', { code: result.code }) : fail('CONFLICT', {}, true);
}

function bytesOf({ der }: IssuedCertificate): Uint8Array {
  return new Uint8Array(Buffer.from(der, 'base64'));
}
