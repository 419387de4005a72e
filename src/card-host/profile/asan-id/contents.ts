import type { CardObjects } from '../../../shared/card-host/card-profile.ts';
import { concat } from '../der.ts';
import { fileIds } from './files.ts';
import { certificateList, keyList, objectDirectory, pinList, tokenInfo } from './objects.ts';

export interface ListedFile {
  readonly id: number;
  readonly der: Uint8Array;
  /** A list of objects lies in a file with room for more. */
  readonly isList: boolean;
}

/** The directory files of the application, in the order in which they are written. */
export function listContents(objects: CardObjects): readonly ListedFile[] {
  return [
    { id: fileIds.objects, der: objectDirectory(), isList: false },
    { id: fileIds.tokenInfo, der: tokenInfo(objects.cardSerial), isList: false },
    { id: fileIds.pins, der: pinList(), isList: true },
    { id: fileIds.keys, der: keyList(objects.algorithm), isList: true },
    { id: fileIds.certificates, der: certificateList(), isList: true },
  ];
}

/** What is written of a list: readers stop at the first zero, whatever a new file of the card holds behind it. */
export function writtenList(der: Uint8Array): Uint8Array {
  return concat(der, [0]);
}
