import type { LinkState } from '../../shared/contract/system.ts';
import type { Clock } from '../../shared/platform/ports.ts';
import type { RegistryTransport } from './transport.ts';

/** While the link is down, a connection is tried this often; so its return is noticed within five seconds. */
export const probeEveryMs = 3000;

export interface Link {
  state(): LinkState;
  isOnline(): boolean;
  /** Any answer that came whole, whatever its status. */
  noteAnswer(code: string): void;
  noteFailure(code: string): void;
  freeze(code: string): void;
  unfreeze(): void;
  onBack(listener: () => void): void;
  stop(): void;
}

/** Keeps what is known of the connection and looks for its return while it is gone. `onChange` is called once per change of state. */
export function createLink(parts: {
  readonly clock: Clock;
  readonly transport: RegistryTransport;
  readonly onChange: (link: LinkState, before: LinkState['state']) => void;
}): Link {
  const { clock } = parts;
  let link: LinkState = { state: 'checking', sinceMs: clock.nowMs(), lastAnswer: null };
  const listeners: (() => void)[] = [];
  let cancelProbe: (() => void) | null = null;
  let isStopped = false;
  /** One reset for each loss: a gateway that accepts and then fails must not undo the backoff again and again. */
  let mayAnnounce = true;

  const change = (state: LinkState['state'], code: string | null): void => {
    const lastAnswer = code === null ? link.lastAnswer : { code, atMs: clock.nowMs() };
    const isNew = state !== link.state;
    if (isNew && state === 'offline') mayAnnounce = true;
    const before = link.state;
    link = { state, sinceMs: isNew ? clock.nowMs() : link.sinceMs, lastAnswer };
    if (isNew) parts.onChange(link, before);
  };
  const scheduleProbe = (): void => {
    if (cancelProbe !== null || isStopped) return;
    cancelProbe = clock.schedule(probeEveryMs, () => void runProbe());
  };
  const runProbe = async (): Promise<void> => {
    const isBack = await parts.transport.probe();
    cancelProbe = null;
    if (isStopped || link.state !== 'offline') return;
    if (!isBack) mayAnnounce = true;
    else if (mayAnnounce) {
      mayAnnounce = false;
      for (const listener of listeners) listener();
    }
    // The state changes with the first real answer; until then the looking goes on.
    scheduleProbe();
  };

  return {
    state: () => link,
    isOnline: () => link.state === 'online',
    noteAnswer: (code) => {
      // What was still under way when the freeze came does not hide its reason.
      if (link.state !== 'frozen') change('online', code);
      else if (code !== 'OK') change('frozen', code);
    },
    noteFailure: (code) => {
      // Nor does what breaks off then; the look for a way out says itself what it meets.
      if (link.state === 'frozen') return;
      change('offline', code);
      scheduleProbe();
    },
    freeze: (code) => change('frozen', code),
    unfreeze: () => {
      if (link.state === 'frozen') change('checking', null);
    },
    onBack: (listener) => void listeners.push(listener),
    stop: () => {
      isStopped = true;
      cancelProbe?.();
      cancelProbe = null;
    },
  };
}
