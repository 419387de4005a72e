import bwip from 'bwip-js/node';
import type { CanvasElement } from 'pdfmake/interfaces.js';

/** Code 128 of an ASCII text as black bars, `width` × `height` points. Vectors, so every printer draws it as sharp as it can. */
export function barcodeBars(text: string, width: number, height: number): CanvasElement[] {
  const [code] = bwip.raw({ bcid: 'code128', text });
  if (code === undefined || !('sbs' in code)) throw new Error('The bar code could not be made');
  // Bar and space widths in turn, beginning with a bar.
  const modules = [...code.sbs];
  const unit = width / modules.reduce((sum, count) => sum + count, 0);
  const bars: CanvasElement[] = [];
  let x = 0;
  modules.forEach((count, index) => {
    if (index % 2 === 0) bars.push({ type: 'rect', x: round(x), y: 0, w: round(count * unit), h: height, color: '#000000' });
    x += count * unit;
  });
  return bars;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
