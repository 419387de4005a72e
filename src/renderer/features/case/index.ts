export { CasePage } from './case-page.tsx';
export { PaperSheet } from './paper-flow.tsx';
export { uploadScan } from './scan-upload.ts';
export { PrintQuestion } from './print-question.tsx';
export { PdfPreview } from './pdf-preview.tsx';
export { bytesOfBase64 } from './read-bytes.ts';
