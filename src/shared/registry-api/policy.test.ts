import { expect, it } from 'vitest';
import { auditAnchorText } from './audit-anchor.ts';
import { defaultPolicy, isNewerPolicy, paceSchema, policyText, signedPolicySchema, type SignedPolicy } from './policy.ts';

const policy: SignedPolicy = {
  ...defaultPolicy,
  version: 3,
  issued_at_ms: 1000,
  valid_until_ms: 2000,
  registry_epoch: 'e',
  sig: 's'.repeat(86),
};

it('signs every field of a policy: no two that differ have one text', () => {
  const { sig: _sig, ...content } = policy;
  const texts = Object.entries(content).map(([name, value]) =>
    policyText({ ...content, [name]: typeof value === 'number' ? value + 1 : `${String(value)}x` }),
  );
  expect(new Set([policyText(content), ...texts]).size).toBe(Object.keys(content).length + 1);
  expect(policyText(content)).not.toBe(auditAnchorText({ desk_id: 'd', epoch: 1, seq: 1, head: '0'.repeat(64), at_ms: 1 }));
});

it('a higher version or a later signature replaces a policy, an old one that comes late does not', () => {
  expect(isNewerPolicy(policy, null)).toBe(true);
  expect(isNewerPolicy({ ...policy, version: 4, issued_at_ms: 1 }, policy)).toBe(true);
  expect(isNewerPolicy({ ...policy, issued_at_ms: 1001 }, policy)).toBe(true);
  expect(isNewerPolicy(policy, policy)).toBe(false);
  expect(isNewerPolicy({ ...policy, version: 2, issued_at_ms: 9000 }, policy)).toBe(false);
});

it('offline limits are 72 hours, 1,000 acts and 1 GiB unless the registry says otherwise', () => {
  expect(defaultPolicy).toMatchObject({ maxOfflineHours: 72, maxOfflineCommands: 1000, minFreeBytes: 1_073_741_824 });
  expect(signedPolicySchema.safeParse({ ...policy, maxOfflineHours: 0 }).success).toBe(false);
  expect(paceSchema.parse(policy)).toEqual({ batch: 50, poll_s: 25, reconnect_spread_s: 0, min_app: '0.1.0' });
});

it('a word of a newer registry stays in the policy and under its signature', () => {
  const newer = signedPolicySchema.parse({ ...policy, colour: 'göy' });
  expect(newer).toHaveProperty('colour', 'göy');
  expect(policyText(newer)).not.toBe(policyText(policy));
  expect(policyText(Object.fromEntries(Object.entries(newer).reverse()) as SignedPolicy)).toBe(policyText(newer));
});
