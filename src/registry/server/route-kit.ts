import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyRequest,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { registryErrorSchema } from '../../shared/registry-api/endpoints.ts';
import type { SignedPolicy } from '../../shared/registry-api/policy.ts';
import { defaultPolicyKeeper, type PolicyKeeper } from '../policy/policy-keeper.ts';
import type { Desk, Registry } from '../registry.ts';
import { RegistryError } from './registry-error.ts';

export type TypedApp = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression<RawServerDefault>,
  RawReplyDefaultExpression<RawServerDefault>,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** The answers of an endpoint as OpenAPI shows them. */
export function answers<T extends z.ZodType>(schema: T) {
  return { 200: schema, '4xx': registryErrorSchema, '5xx': registryErrorSchema };
}

const fallbackPolicies = new WeakMap<Registry, PolicyKeeper>();

export function policyOf(registry: Registry): SignedPolicy {
  const keeper = registry.policy ?? fallbackPolicies.get(registry) ?? defaultPolicyKeeper(registry);
  if (registry.policy === undefined) fallbackPolicies.set(registry, keeper);
  return keeper.current();
}

export function deskOf(request: Pick<FastifyRequest, 'desk'>): Desk {
  if (request.desk === undefined) throw new RegistryError(403, 'DESK_UNKNOWN');
  return request.desk;
}
