import type { z } from 'zod';
import { trainingFaultsSchema } from '../shared/contract/training.ts';
import type { DeskConfig } from '../shared/platform/desk-config.ts';
import { fail, succeed, type Failure, type Result } from '../shared/platform/result.ts';
import type { TrainingPort } from './features/index.ts';
import { isSuccess } from './sync/classify.ts';
import { createHttpsTransport, type HttpsTransportOptions } from './sync/https-transport.ts';

type Faults = z.infer<typeof trainingFaultsSchema>;

/** The training registry's fault switches, reached with the desk's own certificate. Its owner closes it. */
export function createTrainingPort(
  training: NonNullable<DeskConfig['training']>,
  registry: HttpsTransportOptions,
): TrainingPort & { close(): Promise<void> } {
  const address = new URL(training.faultsPath, registry.url);
  const transport = createHttpsTransport({ ...registry, url: address.origin });
  const ask = async (faults?: Faults): Promise<Result<Faults, Failure>> => {
    const reply = await transport.send({
      method: faults === undefined ? 'GET' : 'PUT',
      path: address.pathname,
      ...(faults === undefined ? {} : { body: JSON.stringify(faults) }),
      timeoutMs: 10_000,
      maxAnswerBytes: 64 * 1024,
    });
    if (!isSuccess(reply)) return fail('REGISTRY_UNREACHABLE', {}, true);
    const parsed = trainingFaultsSchema.safeParse(JSON.parse(Buffer.from(reply.body).toString('utf8')));
    return parsed.success ? succeed(parsed.data) : fail('REGISTRY_ANSWER_INVALID', {}, true);
  };
  return {
    getFaults: () => ask(),
    setFaults: (faults) => ask(faults),
    listCast: () => Promise.resolve(succeed(training.cast ?? [])),
    close: () => transport.close(),
  };
}
