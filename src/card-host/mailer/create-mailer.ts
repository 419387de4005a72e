import { composeEnvelope } from './envelope-text.ts';
import type { EnvelopeContent, Mailer } from './mailer.ts';

/** Where the bytes of one envelope go. Throws when it cannot be said that all of them went out. */
export type EnvelopePort = (bytes: Uint8Array, content: EnvelopeContent) => Promise<void>;

/** One envelope at a time; a number is used up before its first byte goes out. */
export function createMailer(print: EnvelopePort): Mailer & { readonly printedCount: number } {
  const used = new Set<string>();
  let printedCount = 0;
  let last: Promise<unknown> = Promise.resolve();
  return {
    get printedCount() {
      return printedCount;
    },
    print(content) {
      if (used.has(content.envelopeNumber)) return Promise.resolve('ENVELOPE_USED');
      used.add(content.envelopeNumber);
      const turn = last.then(async (): Promise<'printed' | 'MAILER_FAILED'> => {
        const bytes = composeEnvelope(content);
        try {
          await print(bytes, content);
          printedCount += 1;
          return 'printed';
        } catch {
          return 'MAILER_FAILED';
        } finally {
          bytes.fill(0);
        }
      });
      last = turn;
      return turn;
    },
  };
}
