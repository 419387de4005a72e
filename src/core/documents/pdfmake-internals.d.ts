/** The places of pdfmake and pdfkit that `shared-fonts.ts` and `text-runs.ts` reach into; the versions are locked exactly. */
declare module 'pdfmake/js/PDFDocument.js' {
  export interface EmbeddedFont {
    /** The parsed font file. */
    readonly font: unknown;
    readonly name: string;
    /** Shaped runs by text; a run is never changed after it was put here. */
    layoutCache: Record<string, unknown>;
    layout(text: string): unknown;
  }
  export interface PdfDocument {
    fontCache: Record<string, Record<string, EmbeddedFont>>;
    _fontCount: number;
    _fontFamilies: Record<string, EmbeddedFont>;
    getFontType(isBold: boolean, isItalic: boolean): string;
    provideFont(family: string, isBold: boolean, isItalic: boolean): EmbeddedFont;
  }
  const loaded: { readonly prototype: PdfDocument } | { readonly default: { readonly prototype: PdfDocument } };
  export default loaded;
}

declare module 'pdfmake/js/Renderer.js' {
  export interface Inline {
    readonly text: string;
    readonly x: number;
    readonly width: number;
    readonly [style: string]: unknown;
  }
  export interface Line {
    inlines: Inline[];
  }
  export interface Renderer {
    renderLine(line: Line, x: number, y: number): void;
  }
  const loaded: { readonly prototype: Renderer } | { readonly default: { readonly prototype: Renderer } };
  export default loaded;
}

declare module 'pdfmake/js/TextInlines.js' {
  export type Word = Record<string, unknown> & { readonly text: string };
  export interface TextInlines {
    measure(words: Word[], styles: unknown): Word[];
    widthOfText(text: string, word: Word): number;
  }
  const loaded: { readonly prototype: TextInlines } | { readonly default: { readonly prototype: TextInlines } };
  export default loaded;
}
