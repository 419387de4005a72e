import loadedRenderer, { type Inline } from 'pdfmake/js/Renderer.js';
import loadedInlines, { type TextInlines, type Word } from 'pdfmake/js/TextInlines.js';

/** The words of one text that have one style. */
interface Run {
  /** No decoration, link, reference or feature: two touching words of it may be written as one. */
  readonly isPlain: boolean;
}

const decorated = [
  'decoration',
  'background',
  'link',
  'linkToPage',
  'linkToDestination',
  'fontFeatures',
  'sup',
  'sub',
  '_pageNodeRef',
  '_textNodeRef',
];
/** What differs from word to word and is no style. */
const own: ReadonlySet<string> = new Set(['text', 'lineEnd', 'noNewLine']);
const touching = 0.001;

/**
 * pdfmake looks up twenty styles for every word and writes every word as a text object of its own. Here the first word of a run is measured by
 * pdfmake, the others take its style over and get widths of their own, and touching words of a run on one line are written as one: the same
 * picture in a third of the work. Applies to every later document of this process; called once.
 */
export function handleWordsByRuns(): void {
  const inlines = 'default' in loadedInlines ? loadedInlines.default.prototype : loadedInlines.prototype;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with the object it belongs to, below
  const measure = inlines.measure;
  inlines.measure = function (words, stack) {
    return measureByRuns(this, words, (some) => measure.call(this, some, stack));
  };
  const renderer = 'default' in loadedRenderer ? loadedRenderer.default.prototype : loadedRenderer.prototype;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with the renderer it belongs to, below
  const render = renderer.renderLine;
  renderer.renderLine = function (line, x, y) {
    if (line.inlines.length > 1) line.inlines = joinTouching(line.inlines);
    render.call(this, line, x, y);
  };
}

function measureByRuns(inlines: TextInlines, words: Word[], measure: (words: Word[]) => Word[]): Word[] {
  const out: Word[] = [];
  let plain: Word | null = null;
  let first: Word | null = null;
  for (const word of words) {
    if (plain !== null && first !== null && isSameStyle(plain, word)) {
      out.push(wordLike(inlines, first, word));
      continue;
    }
    plain = { ...word };
    measure([word]);
    // An indent belongs to the first word of the whole text, which only pdfmake knows; no form has one.
    if (word['leadingIndent'] !== undefined) return measure(words);
    first = word;
    first['_run'] = { isPlain: !decorated.some((name) => Boolean(word[name])) } satisfies Run;
    out.push(word);
  }
  return out;
}

function isSameStyle(left: Word, right: Word): boolean {
  for (const key in left) if (!own.has(key) && left[key] !== right[key]) return false;
  for (const key in right) if (!own.has(key) && !(key in left)) return false;
  return true;
}

function wordLike(inlines: TextInlines, first: Word, { text, lineEnd, noNewLine }: Word): Word {
  const word: Word = { ...first, text, lineEnd, noNewLine, width: inlines.widthOfText(text, first), leadingCut: 0, trailingCut: 0 };
  const leading = text.length - text.trimStart().length;
  const trailing = text.length - text.trimEnd().length;
  if (leading > 0) word['leadingCut'] = inlines.widthOfText(text.slice(0, leading), first);
  if (trailing > 0) word['trailingCut'] = inlines.widthOfText(text.slice(text.length - trailing), first);
  return word;
}

function joinTouching(words: readonly Inline[]): Inline[] {
  const out: Inline[] = [];
  let from = 0;
  let endsAt = 0;
  words.forEach((word, index) => {
    const before = words[index - 1];
    if (before !== undefined) {
      const run = word['_run'] as Run | undefined;
      const isJoined =
        run?.isPlain === true && before['_run'] === run && Math.abs(endsAt - word.x) <= touching && word['justifyShift'] === undefined;
      if (!isJoined) {
        out.push(joined(words, from, index));
        from = index;
      }
    }
    endsAt = word.x + word.width;
  });
  out.push(joined(words, from, words.length));
  return out;
}

function joined(words: readonly Inline[], from: number, until: number): Inline {
  const first = words[from];
  if (first === undefined) throw new RangeError('A line without words');
  if (until - from === 1) return first;
  const run = words.slice(from, until);
  return { ...first, text: run.map(({ text }) => text).join(''), width: run.reduce((sum, { width }) => sum + width, 0) };
}
