import { endpoints } from '../../shared/registry-api/endpoints.ts';
import { giveKeyBack } from '../recovery/give-key-back.ts';
import type { Registry } from '../registry.ts';
import { answers, deskOf, type TypedApp } from './route-kit.ts';

/** The way back for a desk whose device has lost the key of its database. */
export function addRecoveryRoutes(app: TypedApp, registry: Registry): void {
  app.post(
    endpoints.giveKeyBack.path,
    { schema: { body: endpoints.giveKeyBack.request, response: answers(endpoints.giveKeyBack.answer) } },
    async (request) => await giveKeyBack(registry, deskOf(request), request.body),
  );
}
