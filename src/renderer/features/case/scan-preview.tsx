import { useEffect, useState } from 'react';
import type { ScanView } from '../../../shared/contract/scan.ts';
import { useTexts } from '../../app/text.ts';
import { desk, useAct } from '../../desk-client/index.ts';
import { Busy } from '../../ui/busy.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { PdfPreview } from './pdf-preview.tsx';
import { readPieces } from './read-bytes.ts';

/** A scan as it was kept, out of memory only: the bytes never become a file of the browser. */
export function ScanPreview({ scan, title, onClose }: { readonly scan: ScanView; readonly title: string; readonly onClose: () => void }) {
  const { t } = useTexts();
  const [bytes, setBytes] = useState<Uint8Array<ArrayBuffer> | null>(null);
  const [address, setAddress] = useState('');
  const [sinceMs] = useState(() => Date.now());
  const { run, failure } = useAct();
  const { scanId, mediaType } = scan;
  useEffect(() => {
    let made = '';
    let isGone = false;
    void run(() => readPieces((offset) => desk.scan.read({ scanId, offset }))).then((read) => {
      if (isGone || read === undefined) return;
      if (mediaType !== 'application/pdf') {
        made = URL.createObjectURL(new Blob([read], { type: mediaType }));
        setAddress(made);
      }
      setBytes(read);
    });
    return () => {
      isGone = true;
      if (made !== '') URL.revokeObjectURL(made);
    };
  }, [scanId, mediaType, run]);
  return (
    <Dialog isOpen title={title} size="xl" onClose={onClose}>
      <FailureNote failure={failure} />
      {bytes === null && failure === null && <Busy text={t('paper.opening')} sinceMs={sinceMs} />}
      {bytes !== null && mediaType === 'application/pdf' && <PdfPreview bytes={bytes} name={title} />}
      {address !== '' && <img src={address} alt={title} style={{ maxWidth: '100%' }} />}
    </Dialog>
  );
}
