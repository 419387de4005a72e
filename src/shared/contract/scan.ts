import { z } from 'zod';
import { documentCodes } from '../rules/vocabulary.ts';
import { commandIdSchema, operation, pieceSchema } from './base.ts';

export const scanDocumentSchema = z.union([z.enum(documentCodes), z.enum(['contract', 'certificate', 'notice', 'other', 'photo'])]);
export const scanViewSchema = z.object({
  scanId: z.uuid(),
  applicationId: z.uuid(),
  document: scanDocumentSchema,
  fileName: z.string(),
  mediaType: z.enum(['application/pdf', 'image/jpeg', 'image/png']),
  sizeBytes: z.number().int(),
  pageCount: z.number().int(),
  sha256: z.string(),
  state: z.enum(['stored', 'queued', 'uploading', 'uploaded']),
  uploadedBytes: z.number().int(),
  capturedAtMs: z.number().int(),
});
export type ScanView = z.infer<typeof scanViewSchema>;

export const scanContract = {
  /** Told up front. */
  limits: operation('signed_in').output(
    z.object({ maxBytes: z.number().int(), maxPages: z.number().int(), mediaTypes: z.array(z.string()) }),
  ),
  /** The name of a file is what somebody typed: whoever sees cases masked does not read it. */
  list: operation('application.view')
    .input(z.object({ applicationId: z.uuid() }))
    .output(z.array(scanViewSchema)),
  begin: operation('scan.capture')
    .input(
      z.object({
        commandId: commandIdSchema,
        applicationId: z.uuid(),
        document: scanDocumentSchema,
        fileName: z.string().min(1).max(255),
        sizeBytes: z.number().int().positive(),
      }),
    )
    .output(z.object({ scanId: z.uuid() })),
  append: operation('scan.capture')
    .input(z.object({ scanId: z.uuid(), offset: z.number().int().min(0), base64: pieceSchema }))
    .output(z.object({ receivedBytes: z.number().int() })),
  /** Type by content, pages, encryption and damage are checked here; bytes are kept encrypted. */
  finish: operation('scan.capture')
    .input(z.object({ scanId: z.uuid() }))
    .output(scanViewSchema),
  /**
   * A scan shows the person in full. Who sees cases masked reads it only while his own step waits for him: R-06 in a handed-over case, R-07
   * after R-06 sent it; FORBIDDEN otherwise. Every opening by somebody who does not capture is logged.
   */
  read: operation('scan.view')
    .input(z.object({ scanId: z.uuid(), offset: z.number().int().min(0) }))
    .output(z.object({ base64: pieceSchema, totalBytes: z.number().int() })),
  /** Only before it was sent. */
  remove: operation('scan.capture')
    .input(z.object({ commandId: commandIdSchema, scanId: z.uuid(), reason: z.string().max(300) }))
    .output(z.object({ done: z.literal(true) })),
};
