import { z } from 'zod';
import { maxPackageItems, packagePurposes } from '../rules/package-states.ts';

/**
 * Payloads of the commands about cards, packages and PIN re-issue. A card serial is the number printed on the card and its envelope; the chip serial is
 * the chip's own. No payload carries a code. Source: ADR-0027; procedures.md §6.5–6.8, §7.1, §14.3–14.5
 */
const applicationId = z.uuid();
/** Hexadecimal digits: what a scanner reads from the barcode. At most 16, because card tools show no more, and an even number, because the card holds bytes. */
export const cardSerialSchema = z.string().regex(/^(?:[0-9A-F]{2}){4,8}$/);
export const chipSerialSchema = z.string().regex(/^[0-9A-F]{20}$/);
export const envelopeNumberSchema = z.string().regex(/^[0-9A-Z-]{4,20}$/);
export const packageNumberSchema = z.string().regex(/^[0-9A-Z-]{4,30}$/);
const fin = z.string().regex(/^[0-9A-Z]{5,7}$/);
const name = z.string().min(1).max(120);
const note = z.string().max(500);
/** Base64 of DER. */
const der = z.string().min(1).max(12_000);
const atMs = z.number().int();

/** Why a card or an envelope goes back. Source: PKG-09, PKG-10; M-17..M-20 */
export const returnReasons = ['serial_mismatch', 'envelope_missing', 'envelope_damaged', 'card_missing', 'package_damaged'] as const;
/** Source: PRS-07, COU; "spoilt cards accounted for with reason" */
export const spoilReasons = [
  'chip_failed',
  'print_failed',
  'envelope_mismatch',
  'damaged',
  'interrupted',
  'wrong_card',
  'returned',
  'other',
] as const;

export const packageItemSchema = z.object({ id: z.uuid(), cardSerial: cardSerialSchema, envelopeNumber: z.string().max(20) });

export const cardCommandPayloads = {
  /** Online. Takes the card for the request: the registry refuses a serial or chip that was ever used, and a request that has a card. Source: PRS-03 */
  'card.claim': z.object({ applicationId, cardSerial: cardSerialSchema, chipSerial: chipSerialSchema }),
  /**
   * Online. Two PKCS#10 requests signed by the chip; the answer carries both certificates, GENERATED. The same keys again get the same certificates; other
   * keys (the card was wiped) revoke those made before. On a card in PIN_REISSUE, whose PUK was spent, it revokes the old ones. Source: AID-10, CR-28
   */
  'card.issue': z.object({ applicationId, cardSerial: cardSerialSchema, authRequest: der, signRequest: der }),
  'card.personalised': z.object({ applicationId, cardSerial: cardSerialSchema, envelopeNumber: envelopeNumberSchema, verifiedAtMs: atMs }),
  /** Card and envelope were both scanned and belong together. Source: PRS-07 */
  'card.match': z.object({ applicationId, cardSerial: cardSerialSchema, envelopeNumber: envelopeNumberSchema }),
  /** The card is out for good; its certificates are revoked and the request waits for another card. */
  'card.spoil': z.object({ applicationId, cardSerial: cardSerialSchema, reason: z.enum(spoilReasons), note }),
  'card.dispatch': z.object({ applicationId, cardSerial: cardSerialSchema, packageNumber: packageNumberSchema }),
  /** The registration centre's word on one card of a package. Source: PKG-09, PKG-10, PKG-11 */
  'card.receive': z.object({
    applicationId,
    cardSerial: cardSerialSchema,
    packageNumber: packageNumberSchema,
    outcome: z.enum(['registered', 'mismatch', 'no_envelope']),
    note,
  }),
  /** The technical problem behind a mismatch was removed, or the card goes back with a register. Source: PKG-09 */
  'card.return': z.object({
    applicationId,
    cardSerial: cardSerialSchema,
    packageNumber: packageNumberSchema,
    reason: z.enum(returnReasons),
    registerNumber: z.string().max(60),
    note,
  }),
  /** More than three wrong PINs were seen on the card, or the holder brought it back to use with its PUK. Source: CR-05 */
  'card.block': z.object({ applicationId, cardSerial: cardSerialSchema, isBlocked: z.boolean() }),
  /**
   * The card goes for new codes, or its new envelope was given to the holder (`isOver`): then certificates that were made anew because the PUK was spent
   * come off the hold. Sent in one act with `pin.request` and `pin.hand_over` (or `pin.refuse`). Source: PIN-01, PIN-12; procedures.md §14.3
   */
  'card.pin_reissue': z.object({ applicationId, cardSerial: cardSerialSchema, requestId: z.uuid(), isOver: z.boolean() }),

  'stock.take_in': z.object({ deliveryId: z.string().min(1).max(60), serials: z.array(cardSerialSchema).min(1).max(1000), note }),
  'stock.write_off': z.object({ deliveryId: z.string().min(1).max(60), serial: cardSerialSchema, reason: z.enum(spoilReasons), note }),

  'package.prepare': z.object({
    packageNumber: packageNumberSchema,
    toOfficeId: z.string().min(1).max(40),
    purpose: z.enum(packagePurposes),
    /** Applications (or PIN requests, for `pin_*`) with the serial and envelope of each. The registry refuses an empty package (PACKAGE_EMPTY). */
    items: z.array(packageItemSchema).max(maxPackageItems),
  }),
  /** Address checked, register signed, courier named. Source: PRS-12, PRS-13, PKG-02 */
  'package.dispatch': z.object({
    packageNumber: packageNumberSchema,
    courierName: name,
    courierFin: fin,
    registerNumber: z.string().max(60),
  }),
  /** The courier stands at the desk. `courierFin` is what his document says. Source: PKG-03, PKG-04, M-16 */
  'package.arrive': z.object({
    packageNumber: packageNumberSchema,
    courierFin: fin,
    isCourierRight: z.boolean(),
    isDamaged: z.boolean(),
    note,
  }),
  /** Source: PKG-06, COU-03 */
  'package.sign_act': z.object({ packageNumber: packageNumberSchema, actNumber: z.string().max(60) }),
  /** Source: PKG-08 */
  'package.record': z.object({ packageNumber: packageNumberSchema, courierName: name }),
  /** Every line decided, counts of both sides. Source: PKG-09, PKG-10 */
  'package.check': z.object({
    packageNumber: packageNumberSchema,
    cards: z.number().int().nonnegative(),
    envelopes: z.number().int().nonnegative(),
    missingSerials: z.array(cardSerialSchema).max(maxPackageItems),
    /** What was read and does not belong to the package. */
    surplusCodes: z.array(z.string().max(40)).max(maxPackageItems).default([]),
    note,
  }),
  /** Source: PKG-11 */
  'package.confirm': z.object({ packageNumber: packageNumberSchema }),
  'package.return': z.object({
    packageNumber: packageNumberSchema,
    reason: z.enum(returnReasons),
    registerNumber: z.string().max(60),
    note,
  }),

  'pin.request': z.object({ requestId: z.uuid(), applicationId, cardSerial: cardSerialSchema, filedAtMs: atMs }),
  'pin.sign_contract': z.object({
    requestId: z.uuid(),
    paperNumber: z.string().max(60),
    centreSignedBy: z.string().max(120),
    signedAtMs: atMs,
  }),
  'pin.scan': z.object({ requestId: z.uuid() }),
  'pin.send': z.object({ requestId: z.uuid(), registerNumber: z.string().max(60), packageNumber: packageNumberSchema }),
  /** At the centre: new codes on the card by the derived PUK, new envelope. `isPukSpent`: new keys are needed, the old certificates are revoked. */
  'pin.renewed': z.object({ requestId: z.uuid(), envelopeNumber: z.string().max(20), isPukSpent: z.boolean() }),
  'pin.back': z.object({ requestId: z.uuid(), packageNumber: packageNumberSchema }),
  'pin.hand_over': z.object({ requestId: z.uuid(), handedAtMs: atMs }),
  /** A request that never reached the registry (no card was found) is heard of here for the first time. */
  'pin.refuse': z.object({ requestId: z.uuid(), reasonCode: z.string().max(40), note }),
  'pin.archive': z.object({ requestId: z.uuid(), receiver: z.string().max(200), listNumber: z.string().max(60) }),
} as const;
export type CardCommandKind = keyof typeof cardCommandPayloads;
export const cardCommandKinds = Object.keys(cardCommandPayloads) as readonly CardCommandKind[];

/** Registry answers come first: a card taken or a certificate issued cannot be promised offline. Source: sync-and-reliability (b6) */
export const onlineOnlyCardKinds: readonly CardCommandKind[] = ['card.claim', 'card.issue'];
