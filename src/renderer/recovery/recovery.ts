import { createORPCClient, ORPCError } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import type { recoveryContract, RecoveryCounts } from '../../shared/contract/recovery.ts';
import { formatDateTime } from '../../shared/language/dates.ts';
import { describeStartFailure } from '../../shared/language/start-failures.ts';
import { openPort } from '../desk-client/port.ts';
import { openSocket } from '../desk-client/socket.ts';
import { readFailure } from './failure-address.ts';
import { chooseLanguage, listOutcome, sayIn, sayRefusal } from './words.ts';

/**
 * The page for the moment when the core has no database or cannot start. A damaged database can be restored from here, with the keyboard alone;
 * every other failure is explained. It shares nothing with the screen but the sentences and the way to the core.
 */
type Client = ContractRouterClient<typeof recoveryContract>;
const retryMs = 1_000;
const failure = readFailure(window.location.hash);
const language = chooseLanguage(localStorage.getItem('qeyd.language'));
const say = sayIn(language);

function part<Kind extends HTMLElement>(id: string): Kind {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`The page has no ${id}`);
  return element as Kind;
}
const form = part<HTMLFormElement>('form');
const login = part<HTMLInputElement>('login');
const password = part<HTMLInputElement>('password');
const restore = part<HTMLButtonElement>('restore');
const resume = part<HTMLButtonElement>('resume');
const outcome = part('outcome');

function write(id: string, lines: readonly string[], tag: 'p' | 'li'): void {
  part(id).replaceChildren(
    ...lines.map((line) => {
      const element = document.createElement(tag);
      element.textContent = line;
      return element;
    }),
  );
}

/** A new connection after every loss: the core behind it may be another one. */
async function connect(): Promise<Client> {
  const open = location.protocol === 'http:' ? openSocket : openPort;
  for (;;) {
    try {
      const transport = await open(() => {
        client = connect();
      });
      return createORPCClient(transport.link);
    } catch {
      outcome.textContent = say('waiting');
      await new Promise((done) => setTimeout(done, retryMs));
    }
  }
}
let client: Promise<Client>;

function showCounts(counts: RecoveryCounts): void {
  form.hidden = true;
  write('sentences', [], 'p');
  outcome.textContent = say('done');
  write('counts', listOutcome(say, counts), 'li');
  part('counts').hidden = false;
  resume.hidden = false;
  resume.focus();
}

async function offerRestore(): Promise<void> {
  document.documentElement.lang = language;
  part('title').textContent = say('title');
  part('who').textContent = say('who');
  part('login-label').textContent = say('login');
  part('password-label').textContent = say('password');
  restore.textContent = say('restore');
  resume.textContent = say('resume');
  const { backups, counts, isWorking } = await (await client).recovery.state();
  const [newest] = backups;
  const copies = newest === undefined ? say('noCopies') : say('copies', { n: backups.length, at: formatDateTime(newest.atMs) });
  write('sentences', [say('what'), say('how'), copies], 'p');
  outcome.textContent = isWorking ? say('working') : '';
  if (counts !== null) {
    showCounts(counts);
    return;
  }
  form.hidden = false;
  login.focus();
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  restore.disabled = true;
  outcome.textContent = say('working');
  void client
    .then((desk) => desk.recovery.restore({ login: login.value, password: password.value }))
    .then(showCounts, (error: unknown) => {
      const code = error instanceof ORPCError ? String(error.code) : 'CORE_UNAVAILABLE';
      outcome.textContent = sayRefusal(say, language, code);
      password.value = '';
      password.focus();
    })
    .finally(() => {
      restore.disabled = false;
    });
});

resume.addEventListener('click', () => {
  resume.disabled = true;
  outcome.textContent = say('resuming');
  // The core may be gone before its answer comes: nobody waits for it. Electron's shell changes the page itself; here the address does.
  client.then((desk) => desk.recovery.resume()).catch(() => undefined);
  if (location.protocol === 'http:') setTimeout(() => location.assign('/'), 2 * retryMs);
});

part('code').textContent = say('code', { code: failure.code });
if (failure.code === 'DATABASE_DAMAGED') {
  write('sentences', [say('what')], 'p');
  client = connect();
  void offerRestore();
} else {
  client = new Promise(() => undefined);
  write('sentences', [describeStartFailure(failure)], 'p');
}
