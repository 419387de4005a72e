import { z } from 'zod';
import { applicationDataSchema } from '../rules/application-data.ts';
import { applicationStates, attendees, roles, signingKinds, simServiceTypes } from '../rules/vocabulary.ts';
import {
  attachmentRefSchema,
  commandBatchResultSchema,
  commandBatchSchema,
  commandResultSchema,
  envelopeSchema,
  issuedCertificateSchema,
} from './envelope.ts';
import {
  cardChallengeAnswerSchema,
  cardChallengeRequestSchema,
  cardSignInRequestSchema,
  certificateStatusAnswerSchema,
  certificateStatusRequestSchema,
  certificateStatusSchema,
  operatorCardSchema,
} from './card-session.ts';
import { cardOfCaseSchema, cardPhotoAnswerSchema, cardPhotoQuerySchema, spoiltCardSchema } from './card-entities.ts';
import { deskEpochSchema, raiseEpochSchema } from './desk-epoch.ts';
import { deskCommandsSchema } from './desk-commands.ts';
import { keyRecoveryAnswerSchema, keyRecoveryCallSchema } from './key-recovery.ts';
import { paceSchema, signedPolicySchema } from './policy.ts';
import { queueFileKeySchema } from './queue-file.ts';

/**
 * The registry's HTTPS interface (mutual TLS; the desk is the SAN `urn:qeyd:desk:<desk id>` of its client certificate). Every answer is
 * parsed by the desk; a body that breaks its schema means "nothing known". OpenAPI 3.1 is generated from these schemas.
 */

/** `GET /v1/registry`: who this registry is, its receipt key and its policy. */
export const registryInfoSchema = z.object({
  registry_epoch: z.string(),
  /** SPKI, base64: Ed25519. */
  receipt_key: z.string(),
  server_time_ms: z.number().int(),
  /** How a body may be compressed for a slow road; older registries name none and get plain bodies. */
  encodings: z.array(z.string().max(20)).max(10).optional(),
  /** Signed; a registry that signs none says only its pace. */
  policy: z.union([signedPolicySchema, paceSchema]),
  /** For the file of unsent acts; older registries take none. */
  queue_file_key: queueFileKeySchema.optional(),
  /** Registration offices by name, and which of them makes the cards; older registries know none. Source: ADR-0027 */
  offices: z
    .array(z.object({ officeId: z.string(), name: z.string() }))
    .max(2000)
    .optional(),
  personalisation_office: z.string().optional(),
});
export type RegistryInfo = z.infer<typeof registryInfoSchema>;

/** `POST /v1/lookups/person`. Counted by the desk: an answered search with no result is an attempt, an error is not. Source: COM-04, C-06 */
export const personQuerySchema = z.object({
  queryId: z.uuid(),
  fin: z.string().min(5).max(7),
  documentKind: z.string(),
  documentNumber: z.string().min(1).max(40),
  birthOn: z.string(),
  /** Also the picture: only where a card is asked for. */
  wantsPhoto: z.boolean().default(false),
});
export const personAnswerSchema = z.object({
  queryId: z.uuid(),
  system: z.enum(['İAMAS', 'VMMS']),
  atMs: z.number().int(),
  registerVersion: z.string(),
  person: z
    .object({
      fin: z.string(),
      surname: z.string(),
      givenName: z.string(),
      fatherName: z.string(),
      sex: z.enum(['M', 'F']),
      birthOn: z.string(),
      birthPlace: z.string(),
      citizenship: z.string(),
      registeredAddress: z.string(),
      document: z.object({
        kind: z.string(),
        number: z.string(),
        issuedBy: z.string(),
        issuedOn: z.string(),
        validUntilOn: z.string(),
        isUnlimited: z.boolean(),
      }),
      /** The picture of the register, for the face of a card; base64 of a JPEG. */
      photo: z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), content: z.string().max(200_000) }).optional(),
    })
    .nullable(),
});
export type PersonAnswer = z.infer<typeof personAnswerSchema>;

/** `POST /v1/lookups/organisation`. Source: COM-05, X-04 */
export const organisationQuerySchema = z.object({ queryId: z.uuid(), voen: z.string().regex(/^\d{10}$/) });
export const organisationAnswerSchema = z.object({
  queryId: z.uuid(),
  system: z.literal('VÖEN'),
  atMs: z.number().int(),
  registerVersion: z.string(),
  organisation: z
    .object({
      voen: z.string(),
      name: z.string(),
      bodyKind: z.string(),
      address: z.string(),
      headFin: z.string(),
      taxOffice: z.string(),
    })
    .nullable(),
});
export type OrganisationAnswer = z.infer<typeof organisationAnswerSchema>;

/** `POST /v1/lookups/sim`: the operator's service data and the certificates already on the number. Source: X-05, CR-27, C-36 */
export const simQuerySchema = z.object({ queryId: z.uuid(), phone: z.string(), iccid: z.string() });
export const simAnswerSchema = z.object({
  queryId: z.uuid(),
  system: z.literal('MO'),
  atMs: z.number().int(),
  registerVersion: z.string(),
  sim: z
    .object({
      phone: z.string(),
      /** The card now bound to the number at the operator. */
      iccid: z.string(),
      operator: z.string(),
      serviceType: z.enum(simServiceTypes),
      /** The day the operator opened the service, whatever was extended since; empty when he does not say it. Source: C-36 */
      serviceActivatedOn: z.string().default(''),
      serviceUntilOn: z.string(),
      ownerFin: z.string(),
      isCorporate: z.boolean(),
      certificates: z.array(issuedCertificateSchema.omit({ der: true }).extend({ holderFin: z.string() })),
    })
    .nullable(),
});
export type SimAnswer = z.infer<typeof simAnswerSchema>;

/** `POST /v1/lookups/entitlement`: electronic confirmation of the right to an Asan ID with this signing kind. Source: X-06, AID-02, CR-29 */
export const entitlementQuerySchema = z.object({
  queryId: z.uuid(),
  fin: z.string().min(5).max(7),
  /** Empty where the kind names no organisation. */
  voen: z.string().regex(/^(\d{10})?$/),
  kinds: z.array(z.enum(signingKinds)).min(1).max(3),
});
export const entitlementAnswerSchema = z.object({
  queryId: z.uuid(),
  system: z.literal('X-06'),
  atMs: z.number().int(),
  registerVersion: z.string(),
  isEntitled: z.boolean(),
  /** The body whose contract gives the right; null when there is none. */
  contractingBody: z.object({ name: z.string(), contractNumber: z.string(), validUntilOn: z.string() }).nullable(),
  /** Kinds of those asked for that the right covers. */
  kinds: z.array(z.enum(signingKinds)),
});
export type EntitlementAnswer = z.infer<typeof entitlementAnswerSchema>;

/** `POST /v1/session`: online sign-in. 401 with code SIGN_IN_REFUSED, LOCKED_OUT (`until_ms`), OPERATOR_DISABLED. */
export const signInRequestSchema = z.object({
  login: z.string().min(1).max(60),
  password: z.string().min(1).max(200),
  officeId: z.string(),
});
export const operatorRecordSchema = z.object({
  operatorId: z.string(),
  login: z.string(),
  fullName: z.string(),
  officeId: z.string(),
  roles: z.array(z.enum(roles)),
  isDisabled: z.boolean(),
  isLockedOut: z.boolean(),
  mustChangePassword: z.boolean(),
  /** When the password was last set; absent when it still is the first one. A proof for offline sign-in that is older is worth nothing. */
  passwordSetAtMs: z.number().int().optional(),
  /** Absent from older registries and where none is bound; null when it was taken away. */
  card: operatorCardSchema.nullable().optional(),
  /** Every appointment and dismissal ever: who had which right when. */
  appointments: z.array(
    z.object({ role: z.enum(roles), fromMs: z.number().int(), untilMs: z.number().int().nullable(), byLogin: z.string() }),
  ),
});
export type OperatorRecord = z.infer<typeof operatorRecordSchema>;
export const signInAnswerSchema = z.object({ operator: operatorRecordSchema, server_time_ms: z.number().int() });
export const cardSignInAnswerSchema = signInAnswerSchema.extend({ certificate: certificateStatusSchema });
export type CardSignInAnswer = z.infer<typeof cardSignInAnswerSchema>;

/** `POST /v1/leases`: 200 with the lease, 409 LEASE_HELD with the holder's desk id. */
export const leaseRequestSchema = z.object({ applicationId: z.uuid(), release: z.boolean().default(false), operatorLogin: z.string() });
export const leaseAnswerSchema = z.object({
  applicationId: z.uuid(),
  deskId: z.string(),
  token: z.number().int(),
  untilMs: z.number().int(),
  /** Revision of the case that tells of this lease: what the feed says of an earlier revision is older news. */
  rev: z.number().int().nonnegative().default(0),
});

/** Body of the `application` entity of the change feed: every sent (or refused) case of the office. */
export const applicationEntitySchema = z.object({
  applicationId: z.uuid(),
  officeId: z.string(),
  deskId: z.string(),
  state: z.enum(applicationStates),
  data: applicationDataSchema,
  filedAtMs: z.number().int(),
  sentAtMs: z.number().int(),
  certificates: z.array(issuedCertificateSchema),
  userId: z.string(),
  activationAttempts: z.number().int(),
  refusal: z.object({ reasonCode: z.string(), atMs: z.number().int() }).nullable(),
  /** Who signed the contract last and who received the certificates, once it happened. Source: COM-16 */
  contractSignedBy: z.enum(attendees).optional(),
  handedTo: z.enum(attendees).optional(),
  attachments: z.array(attachmentRefSchema),
  lease: z.object({ deskId: z.string(), token: z.number().int(), untilMs: z.number().int() }).nullable(),
  /** Only of an Asan ID, once one was taken for it; and the cards that were spoilt or sent back before. Source: ADR-0027 */
  card: cardOfCaseSchema.nullable().default(null),
  spoiltCards: z.array(spoiltCardSchema).default([]),
  /** When the request reached the personalisation centre, or came back to it; 0 before. Source: T-03 */
  personalisingSinceMs: z.number().int().default(0),
  /** Acts as the registry recorded them, in order. */
  acts: z.array(
    z.object({
      commandId: z.string(),
      kind: z.string(),
      atMs: z.number().int(),
      occurredAtMs: z.number().int(),
      operatorLogin: z.string(),
      role: z.string(),
      deskId: z.string(),
      note: z.string(),
    }),
  ),
});
export type ApplicationEntity = z.infer<typeof applicationEntitySchema>;

/** `GET /v1/sync/changes?cursor&limit&wait_s`. The cursor is opaque. 410 with code CURSOR_EXPIRED asks for a resync. */
export const changeSchema = z.object({
  entity: z.string(),
  id: z.string(),
  rev: z.number().int(),
  op: z.enum(['upsert', 'tombstone']),
  body: z.unknown(),
  pos: z.number().int(),
});
export const changesPageSchema = z.object({
  changes: z.array(changeSchema),
  next_cursor: z.string(),
  has_more: z.boolean(),
  registry_epoch: z.string(),
  server_time_ms: z.number().int(),
  policy: signedPolicySchema.optional(),
});
export type ChangesPage = z.infer<typeof changesPageSchema>;

/** `GET /v1/register/day?on=YYYY-MM-DD`: the registry's own counts of the office's acts of that Baku day, for the comparison. */
export const dayCountsSchema = z.object({
  on: z.string(),
  counts: z.record(z.string(), z.number().int()),
  commandIds: z.array(z.string()),
});

/**
 * `HEAD /v1/attachments/:sha256` → 200 with header `upload-offset`, and `upload-length` only when it is whole, or 404.
 * `PATCH /v1/attachments/:sha256` with headers `upload-offset`, `upload-length`, `content-type`: appends ≤ 256 KiB; 409 with the true
 * offset when they differ; the finished bytes must hash to the name, else 422 and the pieces are dropped. When all bytes are there and it is not
 * whole (a registry that ended in between), an empty piece at the end asks for that look.
 */
export const attachmentPieceMaxBytes = 256 * 1024;

/** Every non-2xx body. */
export const registryErrorSchema = z.object({
  code: z.string(),
  detail: z.string().default(''),
  until_ms: z.number().int().optional(),
  offset: z.number().int().optional(),
  holder: z.string().optional(),
});

export const endpoints = {
  registry: { method: 'GET', path: '/v1/registry', answer: registryInfoSchema },
  pushCommands: { method: 'POST', path: '/v1/sync/commands', request: commandBatchSchema, answer: commandBatchResultSchema },
  /** Asks the stored result of one intent again, or performs it: same id, same fingerprint, same answer. */
  submitIntent: { method: 'POST', path: '/v1/sync/intents', request: envelopeSchema, answer: commandResultSchema },
  changes: { method: 'GET', path: '/v1/sync/changes', answer: changesPageSchema },
  lookUpPerson: { method: 'POST', path: '/v1/lookups/person', request: personQuerySchema, answer: personAnswerSchema },
  lookUpOrganisation: {
    method: 'POST',
    path: '/v1/lookups/organisation',
    request: organisationQuerySchema,
    answer: organisationAnswerSchema,
  },
  lookUpSim: { method: 'POST', path: '/v1/lookups/sim', request: simQuerySchema, answer: simAnswerSchema },
  lookUpEntitlement: { method: 'POST', path: '/v1/lookups/entitlement', request: entitlementQuerySchema, answer: entitlementAnswerSchema },
  cardPhoto: { method: 'POST', path: '/v1/cards/photo', request: cardPhotoQuerySchema, answer: cardPhotoAnswerSchema },
  signIn: { method: 'POST', path: '/v1/session', request: signInRequestSchema, answer: signInAnswerSchema },
  cardChallenge: {
    method: 'POST',
    path: '/v1/session/card/challenge',
    request: cardChallengeRequestSchema,
    answer: cardChallengeAnswerSchema,
  },
  cardSignIn: { method: 'POST', path: '/v1/session/card', request: cardSignInRequestSchema, answer: cardSignInAnswerSchema },
  certificateStatus: {
    method: 'POST',
    path: '/v1/certificates/status',
    request: certificateStatusRequestSchema,
    answer: certificateStatusAnswerSchema,
  },
  lease: { method: 'POST', path: '/v1/leases', request: leaseRequestSchema, answer: leaseAnswerSchema },
  deskEpoch: { method: 'GET', path: '/v1/desk/epoch', answer: deskEpochSchema },
  raiseDeskEpoch: { method: 'POST', path: '/v1/desk/epoch', request: raiseEpochSchema, answer: deskEpochSchema },
  /** `?epoch&after_seq[&after_id][&limit]`; the desk's own commands only. */
  deskCommands: { method: 'GET', path: '/v1/desks/:deskId/commands', answer: deskCommandsSchema },
  /** A desk whose device lost the key of its database gets it back, by two people. */
  giveKeyBack: { method: 'POST', path: '/v1/desk/key', request: keyRecoveryCallSchema, answer: keyRecoveryAnswerSchema },
  dayCounts: { method: 'GET', path: '/v1/register/day', answer: dayCountsSchema },
} as const;

/**
 * Control interface of the reference registry, `GET` and `PUT /v1/_faults`: only when started with `--faults`, for tests and the training menu.
 * Served on the registry's port and on a control port of its own, which stays open while `isUnreachable` has closed the first. What a `PUT`
 * does not name goes back to its default.
 */
export const faultSchema = z.object({
  latencyMs: z.number().int().min(0).max(60_000).default(0),
  /** Registers that do not answer: 503 on their look-ups. */
  outages: z.array(z.enum(['İAMAS', 'VMMS', 'VÖEN', 'MO', 'CA', 'MİP', 'X-06'])).default([]),
  /** The next n answers are computed, stored and then never sent (connection destroyed). */
  loseAnswers: z.number().int().min(0).default(0),
  /** The next n requests of any kind are answered with this status. */
  failWith: z.object({ status: z.number().int(), times: z.number().int(), retryAfterS: z.number().optional() }).nullable().default(null),
  /** The next n activations fail at the provider. */
  failActivations: z.number().int().min(0).default(0),
  /** Every connection is refused at once, as if the link were gone. */
  isUnreachable: z.boolean().default(false),
  /** Serve an expired TLS certificate from now on. */
  useExpiredCertificate: z.boolean().default(false),
  /** The next n answers are JSON that breaks its schema. */
  breakAnswers: z.number().int().min(0).default(0),
  /** Lost, broken and failed answers hit only paths that begin so. Empty: all but the change feed, which is always being asked. */
  onlyPath: z.string().max(100).default(''),
});
export type Faults = z.infer<typeof faultSchema>;
