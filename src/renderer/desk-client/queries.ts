import { createTanstackQueryUtils, type RouterUtils } from '@orpc/tanstack-query';
import { QueryClient } from '@tanstack/react-query';
import type { DeskClient } from '../../shared/contract/index.ts';
import type { DeskEvent } from '../../shared/contract/system.ts';
import { desk, useConnection } from './connection.ts';
import { failureOf } from './failure.ts';
import { openPinWindow } from './pin-window.ts';

/** Named, because what the compiler would infer is too long to write down. */
export const queries: RouterUtils<DeskClient> = createTanstackQueryUtils(desk);

/** The desk is on this machine, so the browser's idea of being online says nothing: `always`. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      networkMode: 'always',
      retry: (count, error) => count < 2 && failureOf(error).isRetryable && failureOf(error).code !== 'CORE_UNAVAILABLE',
      refetchOnWindowFocus: false,
      staleTime: 10_000,
    },
    mutations: { networkMode: 'always', retry: false },
  },
});

/** Nobody is signed in any more: what the operator saw is forgotten, what the sign-in page needs stays. */
export function forgetOperator(): void {
  queryClient.setQueryData(queries.session.current.queryKey(), null);
  const kept = [queries.session.key(), queries.system.key()].map((key) => JSON.stringify(key[0]));
  queryClient.removeQueries({
    predicate: ({ queryKey }) => !kept.some((path) => JSON.stringify(queryKey[0]).startsWith(path.slice(0, -1))),
  });
}

/** What each fact makes old. A page that is not on the screen is read again when it is opened. */
function invalidate(event: DeskEvent): void {
  // An answer still on its way to a page that is not shown any more is older than the fact: it must not make the query fresh again.
  const stale = (queryKey: readonly unknown[]): void =>
    void queryClient.cancelQueries({ queryKey, type: 'inactive' }).then(() => queryClient.invalidateQueries({ queryKey }));
  switch (event.type) {
    case 'application.changed':
      stale(queries.application.get.key({ input: { applicationId: event.applicationId } }));
      stale(queries.application.home.key());
      stale(queries.application.list.key());
      stale(queries.application.search.key());
      break;
    case 'paper.changed':
      stale(queries.paper.key());
      if (event.applicationId === null) stale(queries.package.key());
      if (event.applicationId === null) stale(queries.pinRequest.key());
      if (event.applicationId !== null) stale(queries.application.get.key({ input: { applicationId: event.applicationId } }));
      break;
    case 'package.changed':
      stale(queries.package.key());
      stale(queries.pinRequest.key());
      break;
    case 'pin_request.changed':
      stale(queries.pinRequest.key());
      break;
    case 'scan.changed':
      stale(queries.scan.list.key({ input: { applicationId: event.applicationId } }));
      break;
    case 'queue.changed':
    case 'link.changed':
      stale(queries.system.status.key());
      stale(queries.sync.key());
      break;
    case 'session.changed':
      stale(queries.session.key());
      break;
    case 'operator.changed':
      stale(queries.operator.key());
      break;
    case 'production.changed':
      stale(queries.production.work.key());
      stale(queries.production.stock.key());
      break;
    case 'dispatch.changed':
      stale(queries.dispatch.key());
      break;
    case 'incident.changed':
      stale(queries.incident.key());
      stale(queries.storage.key());
      stale(queries.sync.key());
      stale(queries.system.status.key());
      break;
    case 'card.changed':
      stale(queries.card.key());
      stale(queries.session.cards.key());
      stale(queries.operator.cards.key());
      break;
    case 'pin.window':
      if (event.address !== '') openPinWindow(event.address);
      break;
    case 'register.changed':
      stale(queries.register.day.key());
      break;
  }
}

async function follow(generation: number): Promise<void> {
  try {
    for await (const event of await desk.system.events()) {
      if (useConnection.getState().generation !== generation) return;
      invalidate(event);
    }
  } catch {
    // The connection ended: the next one follows again and reads everything anew.
  }
}

/** Keeps what is shown true to the engine, through every reconnection. */
export function followEvents(): void {
  let seen = 0;
  const begin = (generation: number): void => {
    if (generation === seen) return;
    seen = generation;
    if (generation > 1) void queryClient.invalidateQueries();
    void follow(generation);
  };
  begin(useConnection.getState().generation);
  useConnection.subscribe((state) => {
    if (state.phase === 'open') begin(state.generation);
  });
}
