import { createPublicKey } from 'node:crypto';
import { endpoints } from '../../shared/registry-api/endpoints.ts';
import { giveChallenge, readCertificateStatus, signInWithCard } from '../operators/card-sign-in.ts';
import { readCardPhoto } from '../cards/card-photo.ts';
import { signIn } from '../operators/sign-in.ts';
import { announceQueueFileKey } from '../queue-files/queue-file-key.ts';
import { lookUpEntitlement } from '../registers/entitlement.ts';
import { lookUpOrganisation, lookUpPerson, lookUpSim } from '../registers/registers.ts';
import type { Office } from '../offices/offices.ts';
import type { Registry } from '../registry.ts';
import { answers, deskOf, policyOf, type TypedApp } from './route-kit.ts';
import { encodings } from './compression.ts';

/** What a desk has to know of the offices: where packages go, and which of them makes the cards. */
function announceOffices({ offices }: Registry): { offices?: Office[]; personalisation_office?: string } {
  if (offices === undefined) return {};
  return { offices: [...offices.list()], ...(offices.centre === '' ? {} : { personalisation_office: offices.centre }) };
}

/** Who the registry is, sign-in and the look-ups. */
export function addRegisterRoutes(app: TypedApp, registry: Registry): void {
  const receiptKey = createPublicKey(registry.receiptKey).export({ type: 'spki', format: 'der' }).toString('base64');
  const queueFileKey = announceQueueFileKey(registry);

  app.get(endpoints.registry.path, { schema: { response: answers(endpoints.registry.answer) } }, () => ({
    registry_epoch: registry.epoch,
    receipt_key: receiptKey,
    server_time_ms: registry.nowMs(),
    policy: policyOf(registry),
    encodings,
    ...(queueFileKey === undefined ? {} : { queue_file_key: queueFileKey }),
    ...announceOffices(registry),
  }));

  app.post(
    endpoints.signIn.path,
    { schema: { body: endpoints.signIn.request, response: answers(endpoints.signIn.answer) } },
    async (request) => ({
      operator: await signIn(registry, deskOf(request), request.body),
      server_time_ms: registry.nowMs(),
    }),
  );

  app.post(
    endpoints.cardChallenge.path,
    { schema: { body: endpoints.cardChallenge.request, response: answers(endpoints.cardChallenge.answer) } },
    (request) => giveChallenge(registry, deskOf(request), request.body.officeId),
  );

  app.post(
    endpoints.cardSignIn.path,
    { schema: { body: endpoints.cardSignIn.request, response: answers(endpoints.cardSignIn.answer) } },
    (request) => signInWithCard(registry, deskOf(request), request.body),
  );

  app.post(
    endpoints.certificateStatus.path,
    { schema: { body: endpoints.certificateStatus.request, response: answers(endpoints.certificateStatus.answer) } },
    async (request) => ({
      certificates: await readCertificateStatus(registry, request.body.serials),
      server_time_ms: registry.nowMs(),
    }),
  );

  app.post(
    endpoints.lookUpPerson.path,
    { schema: { body: endpoints.lookUpPerson.request, response: answers(endpoints.lookUpPerson.answer) } },
    (request) => lookUpPerson(registry, request.body),
  );

  app.post(
    endpoints.lookUpOrganisation.path,
    { schema: { body: endpoints.lookUpOrganisation.request, response: answers(endpoints.lookUpOrganisation.answer) } },
    (request) => lookUpOrganisation(registry, request.body),
  );

  app.post(
    endpoints.lookUpSim.path,
    { schema: { body: endpoints.lookUpSim.request, response: answers(endpoints.lookUpSim.answer) } },
    (request) => lookUpSim(registry, request.body),
  );

  app.post(
    endpoints.lookUpEntitlement.path,
    { schema: { body: endpoints.lookUpEntitlement.request, response: answers(endpoints.lookUpEntitlement.answer) } },
    (request) => lookUpEntitlement(registry, request.body),
  );

  app.post(
    endpoints.cardPhoto.path,
    { schema: { body: endpoints.cardPhoto.request, response: answers(endpoints.cardPhoto.answer) } },
    (request) => readCardPhoto(registry, deskOf(request), request.body.applicationId),
  );
}
