import pdfmake from 'pdfmake';
import { join } from 'node:path';
import { carriageForm } from './forms/carriage.ts';
import { acceptanceForm } from './forms/acceptance.ts';
import { activationForm } from './forms/activation.ts';
import { applicationForm } from './forms/application.ts';
import { cardFaceDocument } from './forms/card-face.ts';
import { certificateForm } from './forms/certificate.ts';
import { contractForm } from './forms/contract.ts';
import { dayRegisterForm } from './forms/day-register.ts';
import { pinContractForm } from './forms/pin-contract.ts';
import { refusalForm } from './forms/refusal.ts';
import { documentOf, tableLayouts, type FormBody } from './layout.ts';
import type { PaperModel, RenderModel } from './models.ts';
import { shareFonts } from './shared-fonts.ts';
import { loadTemplates } from './templates.ts';
import { handleWordsByRuns } from './text-runs.ts';

/** pdfmake is one per process; a second core joining the same process must not prepare it twice. */
let isPdfmakeReady = false;

export interface RendererOptions {
  /** Whether pdfmake is made fast. The slow way is there to prove that both draw the same; once one renderer of a process is fast, all are. */
  readonly isFast: boolean;
}

/**
 * Makes the PDF of a paper. The same model gives the same bytes on every machine: the only clock is the model's, fonts and wording are files
 * of the program, and nothing is fetched (no URL, no file but the four fonts).
 */
export function createPaperRenderer(
  assetsFolder: string,
  { isFast }: RendererOptions = { isFast: true },
): (model: RenderModel) => Promise<{ bytes: Uint8Array; pageCount: number }> {
  const { words, templates } = loadTemplates(assetsFolder);
  const fonts = fontFiles(assetsFolder);
  pdfmake.setFonts({ NotoSans: fonts });
  pdfmake.setUrlAccessPolicy(() => false);
  pdfmake.setLocalAccessPolicy((path) => Object.values(fonts).includes(path));
  pdfmake.setTableLayouts(tableLayouts);
  if (isFast && !isPdfmakeReady) {
    isPdfmakeReady = true;
    shareFonts(textsOf({ words, templates }));
    handleWordsByRuns();
  }

  function bodyOf(model: PaperModel): FormBody {
    switch (model.form) {
      case 'appendix-1':
        return applicationForm(model, words, templates['appendix-1']);
      case 'appendix-5':
      case 'appendix-6':
        return contractForm(model, words, templates[model.form], templates['appendix-1']);
      case 'F-20':
        return certificateForm(model, words, templates['F-20']);
      case 'appendix-10':
        return activationForm(model, words, templates['appendix-10']);
      case 'F-23':
        return acceptanceForm(model, words, templates['F-23']);
      case 'F-36':
        return refusalForm(model, words, templates['F-36']);
      case 'day-register':
        return dayRegisterForm(model, words, templates['day-register']);
      case 'F-21':
        return pinContractForm(model, words, templates['F-21']);
      case 'F-24':
      case 'F-25':
      case 'F-26':
      case 'F-27':
      case 'F-28':
      case 'F-29':
        return carriageForm(model, words, templates[model.form]);
    }
  }

  return async (model) => {
    let pageCount = 0;
    const count = (pages: number): void => {
      pageCount = pages;
    };
    const definition =
      model.form === 'card-face'
        ? cardFaceDocument(model, templates['card-face'], count)
        : documentOf(model.head, bodyOf(model), words, count);
    const bytes = await pdfmake.createPdf(definition).getBuffer();
    return { bytes, pageCount };
  };
}

function fontFiles(assetsFolder: string): { normal: string; bold: string; italics: string; bolditalics: string } {
  const file = (name: string): string => join(assetsFolder, 'fonts', `noto-sans-${name}.ttf`);
  return { normal: file('regular'), bold: file('bold'), italics: file('italic'), bolditalics: file('bold-italic') };
}

/** Every text in the wording, at any depth. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}
