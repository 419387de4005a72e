import { sign, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { defaultPolicy, policyContentSchema, policyText, type PolicyContent, type SignedPolicy } from '../../shared/registry-api/policy.ts';
import { findMeta, writeMeta, type Store } from '../store/store.ts';

/** The policy that desks are told, always with a fresh signature. */
export interface PolicyKeeper {
  current(): SignedPolicy;
  /** Changes what is named. Another program on the same database hears of it at its next start. */
  change(content: Partial<PolicyContent>): Promise<SignedPolicy>;
}

interface Signer {
  readonly receiptKey: KeyObject;
  readonly epoch: string;
  nowMs(): number;
}

/** A desk that hears nothing for so long has reached its offline limits long before. */
const validMs = 30 * 86_400_000;
const signAnewMs = 86_400_000;

const storedSchema = z.object({ version: z.number().int(), content: policyContentSchema });

export async function openPolicy(store: Store, signer: Signer, wanted: Partial<PolicyContent>, isRestored: boolean): Promise<PolicyKeeper> {
  let { version, content } = await settle(wanted, isRestored);
  let signed = signPolicy(signer, version, content);

  /** Versions follow the clock, so that they do not fall back with a restored database. */
  async function settle(change: Partial<PolicyContent>, isNew: boolean): Promise<z.infer<typeof storedSchema>> {
    return await store.transact(async (session) => {
      const text = await findMeta(session, 'policy');
      const known = text === undefined ? undefined : storedSchema.parse(JSON.parse(text));
      const next = policyContentSchema.parse({ ...defaultPolicy, ...known?.content, ...change });
      if (known !== undefined && !isNew && JSON.stringify(next) === JSON.stringify(known.content)) return known;
      const stored = { version: Math.max((known?.version ?? 0) + 1, Math.floor(signer.nowMs() / 1000)), content: next };
      await writeMeta(session, 'policy', JSON.stringify(stored));
      return stored;
    });
  }

  return {
    current() {
      if (isOld(signer, signed)) signed = signPolicy(signer, version, content);
      return signed;
    },
    async change(part) {
      ({ version, content } = await settle(part, false));
      signed = signPolicy(signer, version, content);
      return signed;
    },
  };
}

/** The policy of a registry that keeps none: the defaults. */
export function defaultPolicyKeeper(signer: Signer): PolicyKeeper {
  let signed: SignedPolicy | null = null;
  return {
    current() {
      signed = signed === null || isOld(signer, signed) ? signPolicy(signer, 1, defaultPolicy) : signed;
      return signed;
    },
    change: () => Promise.reject(new Error('This registry keeps no policy.')),
  };
}

function isOld(signer: Signer, signed: SignedPolicy): boolean {
  const ageMs = signer.nowMs() - signed.issued_at_ms;
  return ageMs < 0 || ageMs >= signAnewMs;
}

function signPolicy(signer: Signer, version: number, content: PolicyContent): SignedPolicy {
  const atMs = signer.nowMs();
  const policy = { ...content, version, issued_at_ms: atMs, valid_until_ms: atMs + validMs, registry_epoch: signer.epoch };
  return { ...policy, sig: sign(null, Buffer.from(policyText(policy), 'utf8'), signer.receiptKey).toString('base64url') };
}
