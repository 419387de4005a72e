import { z } from 'zod';
import { keyAlgorithms, type KeyAlgorithm } from '../card-host/host-protocol.ts';

const gibibyte = 1024 ** 3;

/** How fast a desk may go. Older registries say only this, without a signature: it may slow a desk, it may not set its limits. */
export const paceSchema = z.object({
  batch: z.number().int().min(1).max(50),
  poll_s: z.number().int().min(0).max(3600),
  /** After an outage the normal lane waits a random part of this, so that desks do not come back in one second. The urgent lane does not wait. */
  reconnect_spread_s: z.number().int().min(0).max(3600),
  /** The oldest program that is still served; an older one gets 426 for its commands. */
  min_app: z.string().max(40),
});

/**
 * The policy of the registry for its desks, signed with the receipt key over `policyText`. It stands in `GET /v1/registry`, in every answer to a
 * batch and in every page of changes. A desk believes it only with a good signature, keeps the newest (`isNewerPolicy`), and works on under a
 * policy that has run out only by the defaults, where these are stricter. Source: sync-and-reliability b3, b6
 */
const contentFields = {
  ...paceSchema.shape,
  /** Beyond one of these a desk without a link only reads. */
  maxOfflineHours: z
    .number()
    .int()
    .min(1)
    .max(24 * 30),
  maxOfflineCommands: z.number().int().min(1).max(100_000),
  minFreeBytes: z.number().int().nonnegative(),
  /** For whom a desk wraps its database key a second time (SPKI, base64, P-256); a registry that keeps no recovery key names none. */
  recovery_key: z.string().min(80).max(200).optional(),
  /** Kinds of keys that cards may have, the first for new ones; absent: `defaultCardKeys`. */
  card_keys: z.array(z.enum(keyAlgorithms)).min(1).max(keyAlgorithms.length).optional(),
};
/** What the people of the registry decide. */
export const policyContentSchema = z.object(contentFields);
export type PolicyContent = z.infer<typeof policyContentSchema>;

const signedPolicyFields = {
  ...contentFields,
  /** Grows with every change of the content; never falls, also when the registry was restored. */
  version: z.number().int().positive(),
  issued_at_ms: z.number().int().nonnegative(),
  /** The same content is signed anew long before. */
  valid_until_ms: z.number().int().nonnegative(),
  registry_epoch: z.string().max(60),
  sig: z.string().min(40).max(200),
};
export type SignedPolicy = z.infer<z.ZodObject<typeof signedPolicyFields>>;
/** Words of a newer registry stay in place: the signature is over everything that was signed. */
export const signedPolicySchema: z.ZodType<SignedPolicy, unknown> = z.looseObject(signedPolicyFields);

/** Source: sync-and-reliability b6 */
export const defaultPolicy: PolicyContent = {
  batch: 50,
  poll_s: 25,
  reconnect_spread_s: 0,
  min_app: '0.1.0',
  maxOfflineHours: 72,
  maxOfflineCommands: 1000,
  minFreeBytes: gibibyte,
};

/** Where the policy names none. */
export const defaultCardKeys: readonly KeyAlgorithm[] = ['p-256', 'rsa-2048', 'p-384'];

/**
 * What the registry signs (Ed25519 over UTF-8, base64url): every word of it in the order of their names, so that a desk proves also what it does not
 * know yet. No receipt and no batch signature begins like this.
 */
export function policyText({ sig: _, ...content }: Omit<SignedPolicy, 'sig'> & { readonly sig?: string }): string {
  const words = Object.entries<unknown>(content).filter(([, value]) => value !== undefined);
  return `policy-2\n${JSON.stringify(words.sort(([a], [b]) => (a < b ? -1 : 1)))}`;
}

/** Whether `next` replaces `known`: a higher version, or the same content signed later. An old answer that comes late changes nothing. */
export function isNewerPolicy(next: SignedPolicy, known: SignedPolicy | null): boolean {
  if (known === null) return true;
  return next.version === known.version ? next.issued_at_ms > known.issued_at_ms : next.version > known.version;
}
