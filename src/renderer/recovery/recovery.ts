import { createORPCClient, ORPCError } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import type { KeyReturned, recoveryContract, RecoveryCounts } from '../../shared/contract/recovery.ts';
import { formatDateTime } from '../../shared/language/dates.ts';
import { describeStartFailure } from '../../shared/language/start-failures.ts';
import { openPort } from '../desk-client/port.ts';
import { openSocket } from '../desk-client/socket.ts';
import { readFailure } from './failure-address.ts';
import { chooseLanguage, listKeyOutcome, listOutcome, sayIn, sayRefusal } from './words.ts';

/**
 * The page for the moment when the core has no database or cannot start. With the keyboard alone a damaged database can be restored from here, and a lost key
 * brought back; every other failure is explained. It shares nothing with the screen but the sentences and the way to the core.
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
const keyForm = part<HTMLFormElement>('key-form');
const returnKey = part<HTMLButtonElement>('return-key');
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

function showDone(sentence: string, lines: readonly string[]): void {
  form.hidden = true;
  keyForm.hidden = true;
  write('sentences', [], 'p');
  outcome.textContent = sentence;
  write('counts', lines, 'li');
  part('counts').hidden = false;
  resume.hidden = false;
  resume.focus();
}
const showCounts = (counts: RecoveryCounts): void => {
  showDone(say('done'), listOutcome(say, counts));
};
const showReturned = (returned: KeyReturned): void => {
  showDone(say('keyDone'), listKeyOutcome(say, returned));
};

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

/** The question changes after each answer that gave nothing, and with it the number. */
async function showQuestion(): Promise<void> {
  const { deskId, keyQuestion, keyReturned, isWorking } = await (await client).recovery.state();
  if (keyReturned !== null) {
    showReturned(keyReturned);
    return;
  }
  const wrap = keyQuestion?.wrap ?? null;
  write(
    'sentences',
    [say('keyWhat'), ...(wrap === null ? [say('keyNone')] : [say('keyHow'), say('keyWrapOf', { at: formatDateTime(wrap.sealedAtMs) })])],
    'p',
  );
  part('check-number').textContent = say('keyAsk', { deskId, checkNumber: keyQuestion?.checkNumber ?? '' });
  keyForm.hidden = wrap === null;
  if (isWorking) outcome.textContent = say('keyWorking');
}

async function offerKey(): Promise<void> {
  document.documentElement.lang = language;
  part('title').textContent = say('keyTitle');
  for (const who of ['first', 'second'] as const) {
    part(`${who}-legend`).textContent = say(who === 'first' ? 'keyFirst' : 'keySecond');
    part(`${who}-login-label`).textContent = say('login');
    part(`${who}-password-label`).textContent = say('password');
  }
  part('check-hint').textContent = say('keyAskHint');
  returnKey.textContent = say('keyReturn');
  resume.textContent = say('resume');
  await showQuestion();
  outcome.textContent = '';
  if (!keyForm.hidden) part('first-login').focus();
}

/** Where the next try begins: at the person who was not believed. */
function emptyAfter(code: string): void {
  const isSecond = code.startsWith('SECOND') || code === 'SAME_PERSON';
  const password = part<HTMLInputElement>(isSecond ? 'second-password' : 'first-password');
  if (code.endsWith('_REFUSED')) password.value = '';
  part<HTMLInputElement>(code.endsWith('_REFUSED') ? password.id : isSecond ? 'second-login' : 'first-login').focus();
}

const credentialsOf = (who: 'first' | 'second') => ({
  login: part<HTMLInputElement>(`${who}-login`).value,
  password: part<HTMLInputElement>(`${who}-password`).value,
});

keyForm.addEventListener('submit', (event) => {
  event.preventDefault();
  returnKey.disabled = true;
  outcome.textContent = say('keyWorking');
  void client
    .then((desk) => desk.recovery.returnKey({ first: credentialsOf('first'), second: credentialsOf('second') }))
    .then(showReturned, async (error: unknown) => {
      const code = error instanceof ORPCError ? String(error.code) : 'CORE_UNAVAILABLE';
      await showQuestion().catch(() => undefined);
      outcome.textContent = code === 'REGISTRY_UNREACHABLE' ? say('keyNoLink') : sayRefusal(say, language, code);
      emptyAfter(code);
    })
    .finally(() => {
      returnKey.disabled = false;
    });
});

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
} else if (failure.code === 'SECRET_MISSING') {
  write('sentences', [say('keyWhat')], 'p');
  client = connect();
  void offerKey();
} else {
  client = new Promise(() => undefined);
  write('sentences', [describeStartFailure(failure)], 'p');
}
