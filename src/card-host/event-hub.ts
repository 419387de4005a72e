import type { CardEvent, CardReaders } from '../shared/card-host/card-port.ts';

/** Events of the readers for every core that is joined, also for one that comes later: it is told of what is there first. */
export interface EventHub {
  /** Answers how to stop listening. */
  listen(listener: (event: CardEvent) => void): () => void;
}

export function createEventHub(readers: CardReaders): EventHub {
  const listeners = new Set<(event: CardEvent) => void>();
  let service: CardEvent | undefined;
  const present = new Map<string, CardEvent[]>();
  readers.onEvent((event) => {
    if (event.kind === 'service') service = event;
    else if (event.kind === 'reader_detached') present.delete(event.readerName);
    else if (event.kind === 'reader_attached') present.set(event.readerName, [event]);
    else if (event.kind === 'card_removed') present.set(event.readerName, present.get(event.readerName)?.slice(0, 1) ?? []);
    else present.set(event.readerName, [...(present.get(event.readerName)?.slice(0, 1) ?? []), event]);
    for (const listener of listeners) listener(event);
  });
  return {
    listen(listener) {
      if (service !== undefined) listener(service);
      for (const event of [...present.values()].flat()) listener(event);
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
