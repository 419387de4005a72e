import type { PDFDocumentProxy } from 'pdfjs-dist';
import { useEffect, useRef, useState } from 'react';
import { useTexts } from '../../app/text.ts';
import { Busy } from '../../ui/busy.tsx';
import { Note } from '../../ui/signal.tsx';

const readingWidth = 760;
const thumbWidth = 80;

/** pdf.js comes only when a page is looked at; its worker is a file of ours, so no script comes from anywhere else. */
async function openPdf(bytes: Uint8Array<ArrayBuffer>): Promise<PDFDocumentProxy> {
  const [{ getDocument, GlobalWorkerOptions }, { default: PdfWorker }] = await Promise.all([
    import('pdfjs-dist'),
    import('pdfjs-dist/build/pdf.worker.min.mjs?worker'),
  ]);
  GlobalWorkerOptions.workerPort ??= new PdfWorker();
  // The library keeps the buffer for itself: it gets a copy.
  return getDocument({ data: bytes.slice(), useWasm: false }).promise;
}

/** The page itself at reading size and its siblings beside it: what is seen is what is printed. */
export function PdfPreview({ bytes, name }: { readonly bytes: Uint8Array<ArrayBuffer>; readonly name: string }) {
  const { t } = useTexts();
  const [pdf, setPdf] = useState<PDFDocumentProxy | null>(null);
  const [isBroken, setBroken] = useState(false);
  const [page, setPage] = useState(1);
  const [sinceMs] = useState(() => Date.now());
  useEffect(() => {
    let isGone = false;
    openPdf(bytes).then(
      (opened) => {
        if (isGone) void opened.loadingTask.destroy();
        else setPdf(opened);
      },
      () => {
        if (!isGone) setBroken(true);
      },
    );
    return () => {
      isGone = true;
    };
  }, [bytes]);
  if (isBroken) return <Note tone="stop">{t('paper.previewFailed')}</Note>;
  if (pdf === null) return <Busy text={t('paper.opening')} sinceMs={sinceMs} />;
  const pages = Array.from({ length: pdf.numPages }, (_, index) => index + 1);
  return (
    <div className="sheet" style={{ height: 'max(260px, calc(100vh - 330px))' }}>
      <div className="sheet-thumbs" role="group" aria-label={t('paper.pages')}>
        {pages.map((one) => (
          <button
            key={one}
            type="button"
            aria-current={one === page}
            aria-label={t('paper.pageOf', { n: one, all: pages.length })}
            onClick={() => {
              setPage(one);
            }}
          >
            <PdfPage pdf={pdf} page={one} width={thumbWidth} />
          </button>
        ))}
      </div>
      <div className="sheet-page" role="img" tabIndex={0} aria-label={`${name}. ${t('paper.pageOf', { n: page, all: pages.length })}`}>
        <PdfPage pdf={pdf} page={page} width={readingWidth} />
      </div>
    </div>
  );
}

function PdfPage({ pdf, page, width }: { readonly pdf: PDFDocumentProxy; readonly page: number; readonly width: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    let isGone = false;
    void pdf.getPage(page).then(async (loaded) => {
      const target = canvas.current;
      if (isGone || target === null) return;
      const scale = (width / loaded.getViewport({ scale: 1 }).width) * Math.min(window.devicePixelRatio, 2);
      const viewport = loaded.getViewport({ scale });
      target.width = viewport.width;
      target.height = viewport.height;
      await loaded.render({ canvas: target, viewport }).promise.catch(() => undefined);
    });
    return () => {
      isGone = true;
    };
  }, [pdf, page, width]);
  return <canvas ref={canvas} style={{ width }} />;
}
