import { faultSchema } from '../../shared/registry-api/endpoints.ts';
import type { Registry } from '../registry.ts';
import { answers, type TypedApp } from './route-kit.ts';

/** Only in a registry that was started with faults allowed. What is not named goes back to its ordinary value. */
export function addFaultRoutes(app: TypedApp, registry: Registry): void {
  app.get('/v1/_faults', { schema: { response: answers(faultSchema) } }, () => registry.faults.get());
  app.put('/v1/_faults', { schema: { body: faultSchema, response: answers(faultSchema) } }, (request) => registry.faults.set(request.body));
}
