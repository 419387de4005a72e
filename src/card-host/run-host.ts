import type { Channel } from '../shared/platform/ports.ts';
import type { CardHostStart, HostReport } from '../shared/platform/host-messages.ts';
import { assembleHost, type AssembledHost } from './assemble.ts';
import { serveCards } from './host.ts';

const heartbeatMs = 2_000;
/** Time for the answer to go out before the process that hangs is ended. */
const lastWordMs = 250;
const endWithinMs = 1_500;

export interface RunningHost {
  /** Puts it together: from here on a driver may hold the process up, so the shell has heard `ready` before. */
  begin(): void;
  serve(channel: Channel): void;
  /** Ends the process. */
  end(): void;
}

/**
 * The card host's life in its process, the same for both kinds of entry: heartbeats, the word about a driver that hangs, and an end that no
 * command under way can hold up.
 */
export function runHost(start: CardHostStart, report: (message: HostReport) => void, onCoreGone: (() => void) | null): RunningHost {
  setInterval(() => {
    report({ type: 'heartbeat' });
  }, heartbeatMs).unref();
  const killSelf = (): void => {
    process.kill(process.pid, 'SIGKILL');
  };
  const onHang = (): void => {
    setTimeout(() => {
      report({ type: 'hung' });
      // The shell ends it at once; this is for a shell that is gone.
      setTimeout(killSelf, endWithinMs);
    }, lastWordMs);
  };
  const windows = new Set<(readerName: string, address: string) => void>();
  let begin: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => {
    begin = () => void setImmediate(resolve);
  });
  const assembled = begun.then(() =>
    assembleHost(
      start,
      onHang,
      (readerName, address) => {
        if (start.pinWindowBy === 'shell') report({ type: 'pinWindow', address });
        else for (const tell of windows) tell(readerName, address);
      },
      (line) => process.stderr.write(`${line}\n`),
    ),
  );
  assembled.catch((error: unknown) => {
    process.stderr.write(`The card host could not be put together: ${error instanceof Error ? error.message : 'unknown'}\n`);
  });
  return {
    begin,
    serve(channel) {
      void assembled.then(({ parts }) => {
        const tell = (readerName: string, address: string): void => {
          if (address === '') channel.send({ kind: 'event', event: { kind: 'pin_window_closed', readerName } });
          else channel.send({ kind: 'event', event: { kind: 'pin_window', readerName, address } });
        };
        windows.add(tell);
        serveCards(channel, parts, () => {
          windows.delete(tell);
          onCoreGone?.();
        });
      });
    },
    end() {
      // A command under way would hold up an orderly exit for as long as the driver likes.
      setTimeout(killSelf, endWithinMs).unref();
      void assembled
        .then((host: AssembledHost) => host.end())
        .catch(() => undefined)
        .then(() => {
          report({ type: 'stopped' });
          killSelf();
        });
    },
  };
}
