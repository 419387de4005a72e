import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { standardVpcdPort, virtualCardReadySchema, type VirtualCardStart } from '../../shared/card-host/virtual-card-control.ts';

/** Where the virtual cards of a training folder are reached: the same at every start, because the desk's configuration names it. */
export interface CardPlaces {
  readonly controlSocketPath: string;
  readonly directSocketPath: string;
}

export interface TrainingCards {
  /** `pcsc`: the machine's card service shows them in its virtual reader; `direct`: the card host reaches them itself; `none`: they could not start. */
  readonly ready: Promise<'pcsc' | 'direct' | 'none'>;
  stop(): Promise<void>;
}

const readerNames = ['Təlim oxuyucusu 1', 'Təlim oxuyucusu 2'];
const blankCards = 5;

/** Short, because the path of a Unix socket has little room, and nobody else may enter. */
export function cardPlacesOf(folder: string): CardPlaces {
  const name = `qeyd-cards-${createHash('sha256').update(folder).digest('hex').slice(0, 12)}`;
  const placeOf = (end: string): string => (process.platform === 'win32' ? `\\\\.\\pipe\\${name}-${end}` : join(tmpdir(), name, end));
  return { controlSocketPath: placeOf('control'), directSocketPath: placeOf('direct') };
}

/** Starts the virtual cards of the training as a child process. A machine on which they do not start still gets its desk. Source: issue 4 §7 */
export async function startTrainingCards(entry: string, folder: string, vpcd: VirtualCardStart['vpcd']): Promise<TrainingCards> {
  const places = cardPlacesOf(folder);
  if (process.platform !== 'win32') {
    const own = join(places.controlSocketPath, '..');
    await mkdir(own, { recursive: true, mode: 0o700 });
    await chmod(own, 0o700);
    // One left by a start that was killed would be taken for a link.
    await rm(places.directSocketPath, { force: true });
  }
  const child = fork(entry, [], {
    execPath: process.execPath,
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const exited = new Promise<void>((resolve) =>
    child.once('exit', () => {
      resolve();
    }),
  );
  const ready = new Promise<'pcsc' | 'direct' | 'none'>((resolve) => {
    child.on('message', (message) => {
      const said = virtualCardReadySchema.safeParse(message);
      if (said.success) resolve(said.data.link);
    });
    child.once('exit', () => {
      resolve('none');
    });
  });
  const start: VirtualCardStart = {
    type: 'start',
    cardFolder: join(folder, 'cards'),
    ...places,
    blankCards,
    readerNames,
    vpcd,
    vpcdPort: standardVpcdPort,
  };
  child.send(start);
  return {
    ready,
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => {
        child.kill('SIGKILL');
      }, 3_000);
      await exited;
      clearTimeout(timer);
      // Nobody looks for them any more.
      if (process.platform !== 'win32') await rm(join(places.controlSocketPath, '..'), { recursive: true, force: true });
      // Sockets that nobody listens at any more; one of a folder of its own each.
      if (process.platform !== 'win32') await rm(join(places.controlSocketPath, '..'), { recursive: true, force: true });
    },
  };
}
