import { X509Certificate } from 'node:crypto';
import type { CodeOwner } from '../../shared/rules/weak-codes.ts';

/** What the card itself says of its holder: the FİN of his certificates. A certificate that cannot be read says nothing. */
export function findHolderFacts(certificates: readonly { readonly der: Uint8Array }[]): CodeOwner {
  for (const { der } of certificates) {
    try {
      const fin = /^serialNumber=PNOAZ-([A-Z0-9]+)$/mu.exec(new X509Certificate(der).subject)?.[1];
      if (fin !== undefined) return { fin };
    } catch {
      // The next one may say it.
    }
  }
  return {};
}
