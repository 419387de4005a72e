import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { formatDateTime } from '../../app/format.ts';
import { useMay } from '../../app/session.ts';
import { useTexts, type Texts } from '../../app/text.ts';
import { desk, queries, queryClient, useAct } from '../../desk-client/index.ts';
import type { Restoration } from '../../../shared/contract/storage.ts';
import { FailureNote } from '../../ui/failure-note.tsx';
import { Note } from '../../ui/signal.tsx';

/** What a restoration came to, for everybody, until somebody who answers for the desk has read it. Nothing when there was none. */
export function RestorationNote() {
  const texts = useTexts();
  const may = useMay();
  const act = useAct();
  const { data } = useQuery(queries.storage.state.queryOptions({ enabled: may('sync.view'), refetchInterval: 30_000 }));
  const restoration = data?.restoration ?? null;
  if (restoration === null || restoration.isSeen) return null;
  const confirm = (): void => {
    void act
      .run(() => desk.storage.confirmRestoration({ id: restoration.id }))
      .then(() => queryClient.invalidateQueries({ queryKey: queries.storage.key() }));
  };
  const isBad = restoration.actsLost > 0 || restoration.auditLost > 0;
  return (
    <Note tone={isBad ? 'attention' : 'neutral'}>
      {listSentences(texts, restoration).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {may('storage.care') && (
        <Button variant="default" onClick={confirm} loading={act.startedAtMs !== null}>
          {texts.t('storage.confirm')}
        </Button>
      )}
      <FailureNote failure={act.failure} onRetry={confirm} />
    </Note>
  );
}

function listSentences({ t }: Texts, restoration: Restoration): string[] {
  const { reconciliation, backupAtMs, actsRecovered, actsToSend, actsLost, auditAside, auditLost } = restoration;
  return [
    t(`storage.restored.${restoration.cause}`, { at: formatDateTime(restoration.atMs) }),
    backupAtMs === null ? t('storage.restored.noCopy') : t('storage.restored.from', { at: formatDateTime(backupAtMs) }),
    t('storage.restored.recovered', { n: actsRecovered }),
    t('storage.restored.toSend', { n: actsToSend }),
    actsLost === 0 ? t('storage.restored.nothingLost') : t('storage.restored.lost', { n: actsLost }),
    ...(auditAside === 0 ? [] : [t('storage.restored.auditAside', { n: auditAside })]),
    ...(auditLost === 0 ? [] : [t('storage.restored.auditLost', { n: auditLost })]),
    reconciliation === null ? t('storage.restored.waiting') : t('storage.restored.reconciled', { ...reconciliation }),
    t('storage.restored.kept'),
  ];
}
