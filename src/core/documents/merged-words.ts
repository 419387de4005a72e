import loaded, { type Inline } from 'pdfmake/js/Renderer.js';

/** What makes a word look different from its neighbour, or makes it more than text. */
const styles = [
  'font',
  'fontSize',
  'color',
  'characterSpacing',
  'opacity',
  'decoration',
  'background',
  'link',
  'linkToPage',
  'linkToDestination',
] as const;
const never = [
  '_pageNodeRef',
  '_textNodeRef',
  'sup',
  'sub',
  'fontFeatures',
  'justifyShift',
  'decoration',
  'background',
  'link',
  'linkToPage',
  'linkToDestination',
] as const;
const touching = 0.001;

/**
 * pdfmake writes every word of a line as a text object of its own. Here neighbours that look alike and touch are written as one, which is the
 * same picture in a fifth of the work and of the page stream. Applies to every later document of this process.
 */
export function mergeWords(): void {
  const prototype = 'default' in loaded ? loaded.default.prototype : loaded.prototype;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with the renderer it belongs to, below
  const render = prototype.renderLine;
  prototype.renderLine = function (line, x, y) {
    if (line.inlines.length > 1) line.inlines = merged(line.inlines);
    render.call(this, line, x, y);
  };
}

function merged(inlines: readonly Inline[]): Inline[] {
  const out: Inline[] = [];
  for (const inline of inlines) {
    const last = out.at(-1);
    if (last !== undefined && isOneRun(last, inline))
      out[out.length - 1] = { ...last, text: last.text + inline.text, width: last.width + inline.width };
    else out.push(inline);
  }
  return out;
}

function isOneRun(left: Inline, right: Inline): boolean {
  if (Math.abs(left.x + left.width - right.x) > touching) return false;
  if (never.some((name) => Boolean(left[name]) || Boolean(right[name]))) return false;
  return styles.every((name) => left[name] === right[name]);
}
