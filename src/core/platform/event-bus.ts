import type { DeskEvent } from '../../shared/contract/system.ts';

/** Facts for every connected screen. A listener that throws does not stop the others. */
export interface EventBus {
  publish(event: DeskEvent): void;
  /** Answers the function that ends the subscription. */
  subscribe(listener: (event: DeskEvent) => void): () => void;
}

export function createEventBus(onListenerError: (error: unknown) => void): EventBus {
  const listeners = new Set<(event: DeskEvent) => void>();
  return {
    publish(event) {
      for (const listener of [...listeners]) {
        try {
          listener(event);
        } catch (error) {
          onListenerError(error);
        }
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** A screen that does not read is not waited for: beyond this it loses its oldest events and re-reads when it wakes. */
const maxWaitingEvents = 1000;

/** The events from now until `signal` aborts or the reader leaves. */
export async function* streamEvents(bus: Pick<EventBus, 'subscribe'>, signal: AbortSignal): AsyncGenerator<DeskEvent, void, void> {
  const waiting: DeskEvent[] = [];
  let wake: (() => void) | null = null;
  const unsubscribe = bus.subscribe((event) => {
    waiting.push(event);
    if (waiting.length > maxWaitingEvents) waiting.shift();
    wake?.();
  });
  const onAbort = () => wake?.();
  signal.addEventListener('abort', onAbort);
  try {
    while (!signal.aborted) {
      const event = waiting.shift();
      if (event !== undefined) {
        yield event;
        continue;
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      wake = null;
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    unsubscribe();
  }
}
