import type { z } from 'zod';
import type { registryErrorSchema } from '../../shared/registry-api/endpoints.ts';

type Extra = Omit<z.input<typeof registryErrorSchema>, 'code'>;

/** An expected refusal of a whole request, with its HTTP status. */
export class RegistryError extends Error {
  readonly status: number;
  readonly body: Extra & { code: string };
  readonly retryAfterS: number | undefined;

  constructor(status: number, code: string, extra: Extra = {}, retryAfterS?: number) {
    super(code);
    this.name = 'RegistryError';
    this.status = status;
    this.body = { code, ...extra };
    this.retryAfterS = retryAfterS;
  }
}
