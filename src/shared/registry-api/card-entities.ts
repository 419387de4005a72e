import { z } from 'zod';
import { packagePurposes } from '../rules/package-states.ts';
import { applicationStates, cardStates, packageStates, pinRequestStates, signingKinds } from '../rules/vocabulary.ts';
import { attachmentRefSchema } from './envelope.ts';
import { packageItemSchema, returnReasons, spoilReasons } from './card-commands.ts';

/** Bodies of the change feed about cards. A later registry may add words; nothing here ever carries a code. Source: ADR-0027 */

/** The card of an Asan ID case, as the case carries it. Empty texts until the step was done. */
export const cardOfCaseSchema = z.object({
  serial: z.string(),
  chipSerial: z.string(),
  state: z.enum(cardStates),
  envelopeNumber: z.string(),
  /** The package with which it last travelled. */
  packageNumber: z.string(),
  claimedAtMs: z.number().int(),
  personalisedAtMs: z.number().int().nullable(),
  /** Serials of the certificates that are on the chip now: AUT, then the signing one; empty until they were issued. */
  certificateSerials: z.array(z.string()).max(2),
  /** The PIN request for which it is away; empty otherwise. */
  pinRequestId: z.string(),
});
export type CardOfCase = z.infer<typeof cardOfCaseSchema>;

/** A card that is out for good, spoilt at the centre or sent back by the office. */
export const spoiltCardSchema = z.object({
  serial: z.string(),
  chipSerial: z.string(),
  state: z.enum(['SPOILED', 'RETURNED']),
  reason: z.enum([...spoilReasons, ...returnReasons, 'case_ended']),
  note: z.string(),
  atMs: z.number().int(),
  byLogin: z.string(),
});
export type SpoiltCard = z.infer<typeof spoiltCardSchema>;

/**
 * Entity `card_request`, id = application id: what the personalisation centre's office is told of a case of another office, from PERSONALISING on, and no
 * more than the card needs. Its revision is that of the case. When the centre's part is over (the card is ready at the office, or the case ended) it
 * comes once more with `isOver` and without anything about the person.
 */
export const cardRequestEntitySchema = z.object({
  applicationId: z.uuid(),
  officeId: z.string(),
  officeName: z.string(),
  state: z.enum(applicationStates),
  isOver: z.boolean(),
  fin: z.string(),
  surname: z.string(),
  givenName: z.string(),
  fatherName: z.string(),
  /** The one signing kind; AUT goes with every card. Source: CR-28 */
  signingKind: z.enum(signingKinds),
  organisation: z.object({ voen: z.string(), name: z.string(), unit: z.string(), position: z.string() }).nullable(),
  /** Where the picture comes from; its bytes are asked for with `POST /v1/cards/photo`. `none`: there is none. */
  photo: z.enum(['register', 'attachment', 'none']),
  card: cardOfCaseSchema.nullable(),
  spoiltCards: z.array(spoiltCardSchema),
  /** When the request reached the centre, or came back to it with a returned card. Source: T-03 */
  sinceMs: z.number().int(),
  dueAtMs: z.number().int(),
});
export type CardRequestEntity = z.infer<typeof cardRequestEntitySchema>;

const cardActSchema = z.object({
  commandId: z.string(),
  kind: z.string(),
  atMs: z.number().int(),
  occurredAtMs: z.number().int(),
  operatorLogin: z.string(),
  role: z.string(),
  officeId: z.string(),
  deskId: z.string(),
  note: z.string(),
});
export type CardAct = z.infer<typeof cardActSchema>;

/** Entity `package`, id = package number, told to both offices. */
export const packageEntitySchema = z.object({
  packageNumber: z.string(),
  purpose: z.enum(packagePurposes),
  state: z.enum(packageStates),
  fromOfficeId: z.string(),
  fromOfficeName: z.string(),
  toOfficeId: z.string(),
  toOfficeName: z.string(),
  items: z.array(packageItemSchema),
  courierName: z.string(),
  courierFin: z.string(),
  /** Number of F-25 … F-29. */
  registerNumber: z.string(),
  /** Number of F-24 at the delivery. */
  actNumber: z.string(),
  isDamaged: z.boolean(),
  counts: z
    .object({
      cards: z.number().int(),
      envelopes: z.number().int(),
      missingSerials: z.array(z.string()),
      surplusCodes: z.array(z.string()),
      note: z.string(),
    })
    .nullable(),
  preparedAtMs: z.number().int(),
  dispatchedAtMs: z.number().int().nullable(),
  /** When the courier stood at the receiving desk: T-05 begins here for papers of a PIN request. */
  arrivedAtMs: z.number().int().nullable(),
  endedAtMs: z.number().int().nullable(),
  acts: z.array(cardActSchema),
});
export type PackageEntity = z.infer<typeof packageEntitySchema>;

/** Entity `pin_request`, id = request id, told to the office that took it, and to the centre from SENT_TO_CENTRE on. */
export const pinRequestEntitySchema = z.object({
  requestId: z.uuid(),
  officeId: z.string(),
  officeName: z.string(),
  /** Empty in a request that was refused before a card was found. */
  applicationId: z.string(),
  cardSerial: z.string(),
  chipSerial: z.string(),
  fin: z.string(),
  surname: z.string(),
  givenName: z.string(),
  state: z.enum(pinRequestStates),
  filedAtMs: z.number().int(),
  paperNumber: z.string(),
  registerNumber: z.string(),
  packageNumber: z.string(),
  sentAtMs: z.number().int().nullable(),
  envelopeNumber: z.string(),
  isPukSpent: z.boolean(),
  backPackageNumber: z.string(),
  refusalReason: z.string(),
  archiveListNumber: z.string(),
  acts: z.array(cardActSchema),
});
export type PinRequestEntity = z.infer<typeof pinRequestEntitySchema>;

/** Entity `card_stock`, id = delivery id: a delivery of blank cards, told to the office that took it in. */
export const cardStockEntitySchema = z.object({
  deliveryId: z.string(),
  officeId: z.string(),
  takenInAtMs: z.number().int(),
  serials: z.array(z.string()),
  writtenOff: z.array(z.object({ serial: z.string(), reason: z.enum(spoilReasons), note: z.string(), atMs: z.number().int() })),
  note: z.string(),
  acts: z.array(cardActSchema),
});
export type CardStockEntity = z.infer<typeof cardStockEntitySchema>;

/** `POST /v1/cards/photo`: the picture for the face of a card, for the centre's desks and those of the case's office. 404 PHOTO_MISSING. */
export const cardPhotoQuerySchema = z.object({ applicationId: z.uuid() });
export const cardPhotoAnswerSchema = z.object({
  applicationId: z.uuid(),
  mediaType: attachmentRefSchema.shape.mediaType,
  sha256: attachmentRefSchema.shape.sha256,
  /** Base64. */
  content: z.string().max(1_400_000),
});
export type CardPhotoAnswer = z.infer<typeof cardPhotoAnswerSchema>;
