import loaded, { type EmbeddedFont, type PdfDocument } from 'pdfmake/js/PDFDocument.js';

/**
 * Parsing Noto Sans and shaping the same wording again is more than half of the time of a document. So a font file is parsed once a process,
 * and the runs of the templates' own words are shared by all documents. What a document adds (names, numbers) is there for the next few papers,
 * which as a rule are the same case's, and is then forgotten. The bytes of a document do not depend on any of this.
 */
const maxRecentRuns = 600;

interface SharedFont {
  readonly first: EmbeddedFont;
  readonly runs: Record<string, unknown>;
  recent: Record<string, unknown>;
}

/** Makes every later document of this process use shared fonts. `wording` is what is shaped ahead. */
export function shareFonts(wording: readonly string[]): void {
  const prototype = 'default' in loaded ? loaded.default.prototype : loaded.prototype;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with the document it belongs to, below
  const open = prototype.provideFont;
  const shared = new Map<string, SharedFont>();
  prototype.provideFont = function (this: PdfDocument, family, isBold, isItalic) {
    const type = this.getFontType(isBold, isItalic);
    const own = this.fontCache[family]?.[type];
    if (own !== undefined) return own;
    const key = `${family} ${type}`;
    let known = shared.get(key);
    if (known === undefined) {
      const first = open.call(this, family, isBold, isItalic);
      const runs = shapedWords(first, wording);
      known = { first, runs, recent: runs };
      shared.set(key, known);
      first.layoutCache = nextRuns(known);
      return first;
    }
    const font = fontOf(this, known);
    (this.fontCache[family] ??= {})[type] = font;
    return font;
  };
}

/** What `PDFDocument.font()` does for an opened file, without opening it. */
function fontOf(document: PdfDocument, known: SharedFont): EmbeddedFont {
  const { first } = known;
  const Font = first.constructor as new (document: PdfDocument, font: unknown, id: string) => EmbeddedFont;
  document._fontCount += 1;
  const font = new Font(document, first.font, `F${document._fontCount}`);
  font.layoutCache = nextRuns(known);
  document._fontFamilies[font.name] = font;
  return font;
}

function nextRuns(known: SharedFont): Record<string, unknown> {
  if (known.recent === known.runs || Object.keys(known.recent).length > maxRecentRuns)
    known.recent = Object.create(known.runs) as Record<string, unknown>;
  return known.recent;
}

/**
 * Words are measured with the space behind them, and without it at the end of a line; a word with a hyphen or a stroke may break behind it. The
 * numbers of clauses come from the layout and not from the wording.
 */
function shapedWords(font: EmbeddedFont, wording: readonly string[]): Record<string, unknown> {
  const words = new Set(wording.flatMap((text) => text.split(/\s+/u)).filter((word) => word !== '' && !word.includes('{')));
  for (const word of [...words]) for (const part of word.split(/(?<=[-/–])/u)) words.add(part);
  for (let section = 1; section <= 16; section += 1) {
    words.add(`${section}.`);
    for (let clause = 1; clause <= 10; clause += 1) words.add(`${section}.${clause}.`);
  }
  for (const word of words) {
    font.layout(word);
    font.layout(`${word} `);
  }
  return font.layoutCache;
}
