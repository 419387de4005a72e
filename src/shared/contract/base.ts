import { oc } from '@orpc/contract';
import { z } from 'zod';
import type { Permission } from '../rules/vocabulary.ts';

/**
 * The contract between the screen and the desk engine: one file per noun, one entry per operation. The dispatcher parses every input and
 * output, checks the permission named here, limits and times the call. Errors are data: the sentence is made on the screen from the code.
 */

/** `anyone` = before sign-in; `signed_in` = any signed-in, unlocked operator; otherwise a right of §16. */
export type Access = 'anyone' | 'signed_in' | Permission;
export interface OperationMeta {
  readonly access: Access;
  /** Works while the screen is locked (only reading the lock state and unlocking do). */
  readonly whileLocked?: boolean;
}

/** Values that fill the placeholders of the sentence; never personal data. */
export const errorParamsSchema = z.record(z.string(), z.union([z.string(), z.number()]));
export const wireErrorSchema = z.object({
  params: errorParamsSchema.default({}),
  /** The same request may succeed later without a change. */
  retryable: z.boolean().default(false),
  /** Set for bugs only: what the operator tells support. */
  incidentId: z.string().optional(),
});
export type WireErrorData = z.infer<typeof wireErrorSchema>;

/**
 * Every code that an operation may answer with, beside the M-ids. `class` decides how the screen shows it: `domain` beside the field or in
 * the dialog, `environment` with what to do and a retry, `bug` with the incident id.
 */
export const errorCodes = {
  // session and rights
  NOT_SIGNED_IN: 'domain',
  LOCKED: 'domain',
  FORBIDDEN: 'domain',
  SIGN_IN_REFUSED: 'domain',
  LOCKED_OUT: 'domain',
  OPERATOR_DISABLED: 'domain',
  OFFLINE_SIGN_IN_NOT_ALLOWED: 'domain',
  WRONG_OFFICE: 'domain',
  ROLE_CONFLICT: 'domain',
  PASSWORD_TOO_WEAK: 'domain',
  PASSWORD_UNCHANGED: 'domain',
  PASSWORD_MUST_CHANGE: 'domain',
  LOGIN_TAKEN: 'domain',
  NOT_YOURSELF: 'domain',
  TOO_MANY_REQUESTS: 'environment',
  // cases
  NOT_FOUND: 'domain',
  PACKAGE_NOT_FOUND: 'domain',
  STEP_NOT_POSSIBLE: 'domain',
  FIELDS_INVALID: 'domain',
  DRAFT_STALE: 'domain',
  LEASE_HELD: 'domain',
  LOOKUP_STALE: 'domain',
  ALREADY_OPEN: 'domain',
  COMMAND_REUSED: 'domain',
  CONFLICT: 'domain',
  // registry and link
  REGISTRY_UNREACHABLE: 'environment',
  OUTCOME_UNKNOWN: 'environment',
  REGISTRY_ANSWER_INVALID: 'environment',
  REGISTRY_REFUSED_DESK: 'environment',
  REGISTRY_REJECTED: 'domain',
  SYNC_FROZEN: 'environment',
  CLOCK_OFF: 'environment',
  OFFLINE_TOO_LONG: 'environment',
  OFFLINE_TOO_MANY: 'environment',
  OFFLINE_DISK_SHORT: 'environment',
  // paper and scans
  PAPER_NOT_POSSIBLE: 'domain',
  PAPER_STATE: 'domain',
  PRINTER_FAILED: 'environment',
  PRINTER_UNKNOWN: 'environment',
  PAPER_WORKER_FAILED: 'environment',
  SCAN_TOO_LARGE: 'domain',
  SCAN_KIND_NOT_ALLOWED: 'domain',
  SCAN_ENCRYPTED: 'domain',
  SCAN_DAMAGED: 'domain',
  SCAN_TOO_MANY_PAGES: 'domain',
  SCAN_CARRIES_MORE: 'domain',
  SCAN_INCOMPLETE: 'domain',
  // cards: the words of the card host
  SERVICE_DOWN: 'environment',
  LINK_MISSING: 'environment',
  READER_UNKNOWN: 'environment',
  CARD_ABSENT: 'environment',
  CARD_REMOVED: 'environment',
  CARD_RESET: 'environment',
  CARD_SHARED: 'environment',
  CARD_MUTE: 'environment',
  CARD_TIMEOUT: 'environment',
  TRANSPORT_FAILED: 'environment',
  CARD_NOT_OURS: 'domain',
  CARD_EXCHANGED: 'domain',
  CARD_IN_USE: 'domain',
  CARD_NOT_OPEN: 'domain',
  CARD_NOT_CLOSED: 'domain',
  CARD_REFUSED: 'environment',
  CARD_CHECK_FAILED: 'environment',
  CERTIFICATE_OTHER_KEY: 'domain',
  CODES_GONE: 'domain',
  ENVELOPE_USED: 'domain',
  MAILER_FAILED: 'environment',
  TOKEN_MISSING: 'environment',
  TOKEN_FAILED: 'environment',
  PIN_CANCELLED: 'domain',
  PIN_WRONG: 'domain',
  PIN_BLOCKED: 'domain',
  PIN_WEAK: 'domain',
  PUK_SPENT: 'domain',
  CANCELLED: 'domain',
  CARD_HOST_FAILED: 'environment',
  VIRTUAL_CARD_REFUSED: 'environment',
  // sign-in with a card, acts signed by one
  CARD_CHALLENGE_GONE: 'environment',
  CARD_SIGNATURE_INVALID: 'domain',
  CARD_FOREIGN: 'domain',
  CARD_NOT_BOUND: 'domain',
  CARD_BOUND_TO_OTHER: 'domain',
  CARD_OF_OTHER: 'domain',
  CARD_LEFT: 'domain',
  CARD_NEEDED: 'domain',
  CARD_OFFLINE_NOT_ALLOWED: 'domain',
  CERTIFICATE_EXPIRED: 'domain',
  CERTIFICATE_REVOKED: 'domain',
  CERTIFICATE_NOT_ACTIVE: 'domain',
  SIGNATURE_MISSING: 'domain',
  SIGNATURE_NOT_GENUINE: 'domain',
  // files that a person carries away
  EXPORT_KEY_UNKNOWN: 'environment',
  EXPORT_FOLDER: 'environment',
  EXPORT_RUNNING: 'environment',
  NOTHING_TO_EXPORT: 'domain',
  QUEUE_CHANGED: 'domain',
  // the making of cards and their packages
  CARD_REQUEST_TAKEN: 'domain',
  CARD_NOT_IN_STOCK: 'domain',
  CARD_ALREADY_USED: 'domain',
  CARD_IN_PACKAGE: 'domain',
  CARD_NEEDS_DECISION: 'domain',
  CARD_BUSY: 'environment',
  CARD_TWO_READERS: 'domain',
  CARD_NOT_READY: 'domain',
  CARD_MATCHED: 'domain',
  CARD_UNKNOWN: 'domain',
  ENVELOPE_OLD: 'domain',
  BATCH_OPEN: 'domain',
  PHOTO_MISSING: 'domain',
  ASURE_NOT_CONFIGURED: 'environment',
  ASURE_FOLDER: 'environment',
  PACKAGE_EMPTY: 'domain',
  PACKAGE_TOO_LARGE: 'domain',
  COPIES_NOT_SIGNED: 'domain',
  // machine
  DISK_FULL: 'environment',
  STORAGE_FAILED: 'environment',
  DATABASE_BUSY: 'environment',
  MAINTENANCE_UNAVAILABLE: 'environment',
  MAINTENANCE_FAILED: 'environment',
  DATABASE_DAMAGED: 'environment',
  BACKUP_MISSING: 'environment',
  BACKUP_DAMAGED: 'environment',
  CORE_UNAVAILABLE: 'environment',
  BAD_REQUEST: 'bug',
  INTERNAL: 'bug',
} as const satisfies Record<string, 'domain' | 'environment' | 'bug'>;
export type ErrorCode = keyof typeof errorCodes;

const messageIds = [
  'M-01',
  'M-02',
  'M-03',
  'M-04',
  'M-05',
  'M-06',
  'M-07',
  'M-08',
  'M-09',
  'M-10',
  'M-11',
  'M-12',
  'M-16',
  'M-17',
  'M-18',
  'M-19',
  'M-20',
  'M-22',
  'M-28',
  'M-29',
  'M-30',
  'M-34',
  'M-37',
  'M-38',
  'M-43',
  'M-44',
] as const;
export type MessageId = (typeof messageIds)[number];
export type FailureCode = ErrorCode | MessageId;

type ErrorMap = Record<FailureCode, { data: typeof wireErrorSchema }>;
const allErrors = Object.fromEntries(
  [...Object.keys(errorCodes), ...messageIds].map((code) => [code, { data: wireErrorSchema }]),
) as ErrorMap;

const base = oc.$meta<OperationMeta>({ access: 'signed_in' }).errors(allErrors);
/** Begins an operation of the contract with its access rule. */
export function operation(access: Access, options: { whileLocked?: boolean } = {}) {
  return base.meta({ access, ...options });
}

/** Made by the screen when a dialog opens; the same id twice is the same act once. */
export const commandIdSchema = z.uuid();
/** As the system names it, any characters. */
export const readerNameSchema = z.string().min(1).max(200);
/** What the PIN window says is being signed, in the language of the screen. */
export const pinTitleSchema = z.string().min(1).max(200);
export const civilDateSchema = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
/** Base64 of at most 256 KiB. */
export const pieceSchema = z.string().max(350_000);
export const noticeSchema = z.object({ code: z.string(), params: errorParamsSchema.default({}) });
export type Notice = z.infer<typeof noticeSchema>;
