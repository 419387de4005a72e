import { z } from 'zod';
import { identityDocumentKinds, pinRequestStates, syncWords } from '../rules/vocabulary.ts';
import { civilDateSchema, commandIdSchema, noticeSchema, operation } from './base.ts';
import { paperViewSchema } from './paper.ts';

const requestId = z.uuid();
const acted = { commandId: commandIdSchema, requestId };
const count = z.number().int().nonnegative();

/** Whom the document shown names, and what it is. Source: PIN-02, COM-01, COM-02, COM-06 */
export const shownIdentitySchema = z.object({
  isBearer: z.boolean(),
  kind: z.enum(identityDocumentKinds),
  number: z.string().trim().min(1).max(40),
  validUntilOn: z.union([civilDateSchema, z.literal('')]).default(''),
  isUnlimited: z.boolean().default(false),
  fin: z.string().trim().min(1).max(20),
  birthOn: z.union([civilDateSchema, z.literal('')]).default(''),
});
export type ShownIdentity = z.infer<typeof shownIdentitySchema>;

export const pinRequestRowSchema = z.object({
  requestId: z.string(),
  state: z.enum(pinRequestStates),
  cardSerial: z.string(),
  personMasked: z.string(),
  officeName: z.string(),
  filedAtMs: z.number().int(),
  /** T-04 until its papers left, T-05 while they are at the centre; null else. */
  dueAtMs: z.number().int().nullable(),
  isBreached: z.boolean(),
  isAtCentre: z.boolean(),
  isPukSpent: z.boolean(),
  packageNumber: z.string(),
  backPackageNumber: z.string(),
  sync: z.enum(syncWords),
});
export type PinRequestRow = z.infer<typeof pinRequestRowSchema>;

/** In their order; what is not offered now says why. */
export const pinRequestSteps = [
  'find_person',
  'find_card',
  'sign_contract',
  'scan',
  'send',
  'renew',
  'back',
  'check_holder',
  'hand_over',
  'archive',
] as const;
export type PinRequestStep = (typeof pinRequestSteps)[number];

export const pinRequestViewSchema = pinRequestRowSchema.extend({
  applicationId: z.string(),
  finMasked: z.string(),
  isPersonFound: z.boolean(),
  isBlocked: z.boolean(),
  isCentreSigned: z.boolean(),
  isHolderSigned: z.boolean(),
  isHolderChecked: z.boolean(),
  isScanned: z.boolean(),
  registerNumber: z.string(),
  envelopeNumber: z.string(),
  refusalReason: z.string(),
  archiveListNumber: z.string(),
  attempts: z.object({ person: count, card: count, holder: count }),
  steps: z.array(z.object({ step: z.enum(pinRequestSteps), state: z.enum(['done', 'open', 'later']), reason: z.string() })),
  contract: z.array(paperViewSchema),
  timeline: z.array(
    z.object({
      commandId: z.string(),
      act: z.string(),
      atMs: z.number().int(),
      registryAtMs: z.number().int().nullable(),
      operatorName: z.string(),
      deskId: z.string(),
      sync: z.enum(syncWords),
      note: noticeSchema.nullable(),
    }),
  ),
});
export type PinRequestView = z.infer<typeof pinRequestViewSchema>;

const answer = z.object({ request: pinRequestViewSchema, notices: z.array(noticeSchema) });

/** New codes for an Asan ID, at the office and at the centre. Source: PIN-01..PIN-13, procedures.md §14.5 */
export const pinRequestContract = {
  list: operation('card.view')
    .input(z.object({ limit: z.number().int().min(1).max(500).default(200) }))
    .output(z.object({ rows: z.array(pinRequestRowSchema), isCentre: z.boolean() })),
  /** Names of the readers at this desk, for the centre. */
  readers: operation('card.personalise').output(z.array(z.string())),
  get: operation('card.view').input(z.object({ requestId })).output(pinRequestViewSchema),
  /** Not the bearer (M-01) or an expired document (M-02): the request is refused at once and kept. */
  begin: operation('pin.reissue')
    .input(z.object({ commandId: commandIdSchema, identity: shownIdentitySchema }))
    .output(answer),
  /** Three attempts, M-05 and M-09; a register that is away is none. */
  findPerson: operation('pin.reissue')
    .input(z.object({ ...acted, identity: shownIdentitySchema }))
    .output(answer),
  /** By the number on the card, three attempts, M-22; it must be the card of the person found. */
  findCard: operation('pin.reissue')
    .input(z.object({ ...acted, cardSerial: z.string().trim().min(1).max(40), isBlocked: z.boolean().default(false) }))
    .output(answer),
  /** F-21, two copies. */
  prepareContract: operation('pin.reissue').input(z.object(acted)).output(z.array(paperViewSchema)),
  confirmSigned: operation('pin.reissue')
    .input(z.object({ ...acted, by: z.enum(['centre', 'holder']) }))
    .output(answer),
  confirmScanned: operation('pin.reissue').input(z.object(acted)).output(answer),
  /** A package of papers to the centre, or of new envelopes back to one office. The rule of packages says who may: FORBIDDEN otherwise. */
  preparePackage: operation('card.view')
    .input(
      z.object({
        commandId: commandIdSchema,
        purpose: z.enum(['pin_documents', 'pin_envelopes']),
        requestIds: z.array(requestId).min(1).max(500),
      }),
    )
    .output(z.object({ packageNumber: z.string() })),
  /** F-28 or F-29, two copies. */
  prepareRegister: operation('card.view')
    .input(z.object({ commandId: commandIdSchema, packageNumber: z.string().max(40) }))
    .output(z.array(paperViewSchema)),
  dispatch: operation('card.view')
    .input(
      z.object({
        commandId: commandIdSchema,
        packageNumber: z.string().max(40),
        isAddressChecked: z.boolean(),
        courierName: z.string().trim().max(120),
        courierFin: z.string().trim().max(20),
      }),
    )
    .output(z.object({ packageNumber: z.string() })),
  /** At the centre, with the card in this reader: new codes through the derived PUK, and their envelope. PUK_SPENT asks for new keys. */
  renew: operation('card.personalise')
    .input(z.object({ ...acted, readerName: z.string().min(1).max(200) }))
    .output(answer),
  /** Identity once more before the envelope is given. */
  checkHolder: operation('pin.reissue')
    .input(z.object({ ...acted, identity: shownIdentitySchema }))
    .output(answer),
  handOver: operation('pin.reissue').input(z.object(acted)).output(answer),
  archive: operation('pin.reissue')
    .input(z.object({ ...acted, receiver: z.string().trim().min(1).max(200), listNumber: z.string().trim().max(60) }))
    .output(answer),
  refuse: operation('pin.reissue')
    .input(z.object({ ...acted, reason: z.string().trim().max(500) }))
    .output(answer),
};
