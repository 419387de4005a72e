/** The two places of pdfmake and pdfkit that `shared-fonts.ts` reaches into; the versions are locked exactly. */
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
