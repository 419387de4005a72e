import { isPinLanguage, say, type PinLanguage, type PinWord } from './words.ts';

/**
 * The page on which the holder of a card types his codes. It speaks to the card host that served it and to nobody else; codes leave it as raw
 * bytes and are emptied out of the fields with every try. Keyboard alone: Enter goes on, Esc ends it, nothing typed is ever shown.
 */
interface Question {
  readonly kind: 'change' | 'unblock' | 'sign';
  readonly pin: 'pin1' | 'pin2';
  readonly title: string;
  readonly triesLeft: number;
}
type Outcome =
  | { readonly state: 'done' | 'blocked' | 'failed' }
  | { readonly state: 'wrong'; readonly triesLeft: number }
  | { readonly state: 'weak'; readonly reason: PinWord };

const closeAfterMs = 1_500;
const leastDigits = { pin1: 4, pin2: 5 } as const;
const mostDigits = 8;

function part<Kind extends HTMLElement>(id: string): Kind {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`The page has no ${id}`);
  return element as Kind;
}
const form = part<HTMLFormElement>('form');
const current = part<HTMLInputElement>('current');
const next = part<HTMLInputElement>('next');
const again = part<HTMLInputElement>('again');
const outcome = part('outcome');
const fields = [current, next, again];

let language: PinLanguage = 'az';
let question: Question | undefined;
let triesLeft = 0;
let isBusy = false;
let isOver = false;
/** What is said now, so that it is said in the other language too. */
let told: { readonly word: PinWord; readonly isGood: boolean } | undefined;

function show(): void {
  document.documentElement.lang = language;
  for (const button of part('languages').querySelectorAll<HTMLButtonElement>('button')) {
    button.setAttribute('aria-pressed', String(button.dataset['language'] === language));
  }
  part('languages').setAttribute('aria-label', say(language, 'language'));
  if (question !== undefined) showQuestion(question);
  const values = question === undefined ? {} : valuesOf(question);
  outcome.textContent = told === undefined ? '' : say(language, told.word, values);
  outcome.classList.toggle('good', told?.isGood === true);
}

function showQuestion(asked: Question): void {
  const values = valuesOf(asked);
  const titles = { change: 'changeTitle', unblock: 'unblockTitle', sign: 'signTitle' } as const;
  const firsts = { change: 'current', unblock: 'puk', sign: 'pin' } as const;
  part('title').textContent = document.title = say(language, titles[asked.kind], values);
  part('signing').hidden = asked.title === '';
  part('signing').textContent = say(language, 'signing', { title: asked.title });
  part('current-label').textContent = say(language, firsts[asked.kind], values);
  part('next-label').textContent = say(language, 'next', values);
  part('again-label').textContent = say(language, 'again', values);
  part('new-code').hidden = asked.kind === 'sign';
  part('confirm').textContent = say(language, 'confirm');
  part('cancel').textContent = say(language, 'cancel');
  const tries = part('tries');
  tries.textContent = triesLeft === 1 ? say(language, 'lastTry', values) : say(language, 'triesLeft', { count: triesLeft });
  tries.classList.toggle('last', triesLeft === 1);
  form.hidden = isOver;
}

function valuesOf(asked: Question): Record<string, string | number> {
  const pin = asked.pin.toUpperCase();
  return { pin, code: asked.kind === 'unblock' ? 'PUK' : pin, least: leastDigits[asked.pin] };
}

function tell(word: PinWord, isGood = false): void {
  told = { word, isGood };
  show();
}

function empty(): void {
  for (const field of fields) field.value = '';
  current.focus();
}

function isCode(value: string, least: number): boolean {
  return value.length >= least && value.length <= mostDigits && /^[0-9]+$/u.test(value);
}

async function answer(asked: Question): Promise<void> {
  const least = leastDigits[asked.pin];
  const isNew = asked.kind !== 'sign';
  if (!isCode(current.value, asked.kind === 'unblock' ? mostDigits : 4) || (isNew && !isCode(next.value, least))) {
    empty();
    tell('digitsOnly');
    return;
  }
  if (isNew && next.value !== again.value) {
    empty();
    tell('notSame');
    return;
  }
  const body = new TextEncoder().encode(`${current.value}\n${isNew ? next.value : ''}`);
  empty();
  isBusy = true;
  tell('busy', true);
  try {
    const response = await fetch('/answer', { method: 'POST', headers: { 'Content-Type': 'application/octet-stream' }, body });
    if (!response.ok) throw new Error('the card host does not take it');
    judge((await response.json()) as Outcome);
  } catch {
    end('gone');
  } finally {
    body.fill(0);
    isBusy = false;
  }
}

function judge(result: Outcome): void {
  switch (result.state) {
    case 'wrong':
      triesLeft = result.triesLeft;
      tell('wrong');
      current.focus();
      return;
    case 'weak':
      tell(result.reason);
      current.focus();
      return;
    case 'done':
    case 'blocked':
    case 'failed':
      end(result.state);
  }
}

function end(word: PinWord): void {
  isOver = true;
  tell(word, word === 'done');
  setTimeout(() => {
    window.close();
  }, closeAfterMs);
}

function cancel(): void {
  if (isOver || isBusy) return;
  isOver = true;
  navigator.sendBeacon('/cancel');
  window.close();
  // A browser that does not let a page close itself shows an empty one.
  form.hidden = true;
}

async function begin(): Promise<void> {
  // The single-use token is spent; it has no business in the address any longer.
  history.replaceState(null, '', '/pin');
  show();
  try {
    const response = await fetch('/question');
    if (!response.ok) throw new Error('nothing is asked');
    question = (await response.json()) as Question;
    triesLeft = question.triesLeft;
    show();
    current.focus();
  } catch {
    end('gone');
  }
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  if (question !== undefined && !isBusy && !isOver) void answer(question);
});
for (const field of fields) {
  // Enter goes to the next empty field, and on the last one sends.
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || question === undefined) return;
    event.preventDefault();
    const order = question.kind === 'sign' ? [current] : fields;
    const following = order[order.indexOf(field) + 1];
    if (following === undefined) form.requestSubmit();
    else following.focus();
  });
}
part('cancel').addEventListener('click', cancel);
part('languages').addEventListener('click', (event) => {
  const chosen = event.target instanceof HTMLElement ? event.target.dataset['language'] : undefined;
  if (!isPinLanguage(chosen)) return;
  language = chosen;
  show();
  current.focus();
});
window.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') cancel();
});
window.addEventListener('pagehide', () => {
  if (!isOver) navigator.sendBeacon('/cancel');
});
void begin();
