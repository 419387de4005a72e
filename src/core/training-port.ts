import type { z } from 'zod';
import { trainingFaultsSchema } from '../shared/contract/training.ts';
import type { DeskConfig } from '../shared/platform/desk-config.ts';
import { fail, succeed, type Failure, type Result } from '../shared/platform/result.ts';
import type { TrainingPort, VirtualCards } from './features/index.ts';
import { isSuccess } from './sync/classify.ts';
import { createHttpsTransport, type HttpsTransportOptions } from './sync/https-transport.ts';
import { connectCardControl, type CardControl } from './virtual-card-control.ts';

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
  let control: Promise<CardControl> | null = null;
  /** The process of the cards may end and come back: each failure connects anew the next time. */
  const withCards = async (
    act: (cards: CardControl) => Promise<unknown> = () => Promise.resolve(),
  ): Promise<Result<VirtualCards, Failure>> => {
    if (training.cardControl === undefined) return succeed({ link: 'none', readers: [], cards: [] });
    try {
      control ??= connectCardControl(training.cardControl, 2_000);
      const cards = await control;
      await act(cards);
      const { link, readers, cards: all } = await cards.status();
      return succeed({ link, readers, cards: all.map(({ chipSerialHex, readerName, life }) => ({ chipSerialHex, readerName, life })) });
    } catch {
      control?.then((cards) => cards.close()).catch(() => undefined);
      control = null;
      return fail('VIRTUAL_CARD_REFUSED', {}, true);
    }
  };
  return {
    listCards: () => withCards(),
    createCard: () => withCards((cards) => cards.createCard()),
    insertCard: (readerName, chipSerialHex) => withCards((cards) => cards.insert(readerName, chipSerialHex)),
    ejectCard: (readerName) => withCards((cards) => cards.eject(readerName)),
    getFaults: () => ask(),
    setFaults: (faults) => ask(faults),
    listCast: () => Promise.resolve(succeed(training.cast ?? [])),
    close: async () => {
      (await control?.catch(() => undefined))?.close();
      await transport.close();
    },
  };
}
