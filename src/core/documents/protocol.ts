import { z } from 'zod';
import type { RenderModel } from './models.ts';
import type { ScanInspection } from './ports.ts';

/** Messages between the core and the paper process. Bodies travel as pieces of at most 256 KiB. */
export type PaperRequest =
  | { readonly kind: 'render'; readonly id: number; readonly model: RenderModel }
  | { readonly kind: 'inspect'; readonly id: number }
  | { readonly kind: 'piece'; readonly id: number; readonly bytes: Uint8Array }
  | { readonly kind: 'end'; readonly id: number };

const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);
const inspection = z.object({
  mediaType: z.enum(['application/pdf', 'image/jpeg', 'image/png']),
  pageCount: z.number().int().min(1),
}) satisfies z.ZodType<ScanInspection>;

/** What the core believes of its paper process is no more than this: it parses hostile files, so its answers are checked like any input. */
export const paperAnswerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('piece'), id: z.number(), bytes }),
  z.object({ kind: z.literal('rendered'), id: z.number(), pageCount: z.number().int().min(1) }),
  z.object({ kind: z.literal('inspected'), id: z.number(), inspection }),
  z.object({
    kind: z.literal('failed'),
    id: z.number(),
    code: z.enum([
      'SCAN_KIND_NOT_ALLOWED',
      'SCAN_ENCRYPTED',
      'SCAN_DAMAGED',
      'SCAN_TOO_MANY_PAGES',
      'SCAN_CARRIES_MORE',
      'SCAN_TOO_LARGE',
      'PAPER_WORKER_FAILED',
    ]),
  }),
]);
export type PaperAnswer = z.infer<typeof paperAnswerSchema>;
