import type { Registry } from '../registry.ts';
import type { TypedApp } from './route-kit.ts';

/** What anybody who relies on a certificate may ask, without a desk's certificate. */
export const publicPaths = ['/v1/crl', '/v1/ocsp'];

export function addPublicRoutes(_app: TypedApp, _registry: Registry): void {
  // Filled by the certification part.
}
