import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { mayActOnQueue } from '../../../shared/rules/queue-acts.ts';
import { formatDateTime } from '../../app/format.ts';
import { sayAct } from '../../app/say.ts';
import { useSession } from '../../app/session.ts';
import { useTexts } from '../../app/text.ts';
import { desk, queries, queryClient, useAct } from '../../desk-client/index.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { QueryGate } from '../../ui/query-gate.tsx';
import { AnswerWords } from './answer-words.tsx';
import { answerOfRow } from './answer-of-row.ts';
import { ConflictSides } from './conflict-sides.tsx';
import type { QueueRowData } from './page-data.ts';

interface Props {
  readonly row: QueueRowData | null;
  readonly onClose: () => void;
  readonly onOpenCase: (applicationId: string) => void;
}

/** What became of one queued act, in plain words, and what a person can do about it. */
export function RowDialog({ row, onClose, onOpenCase }: Props) {
  const { t } = useTexts();
  return (
    <Dialog
      isOpen={row !== null}
      title={t(row?.state === 'conflict' ? 'sync.conflict.title' : 'sync.row.details')}
      onClose={onClose}
      size="lg"
    >
      {row !== null && <RowDetails row={row} onClose={onClose} onOpenCase={onOpenCase} />}
    </Dialog>
  );
}

function RowDetails({ row, onClose, onOpenCase }: Props & { readonly row: QueueRowData }) {
  const texts = useTexts();
  const { t } = texts;
  const permissions = useSession()?.permissions ?? [];
  const act = useAct();
  const sendAgain = (): void => {
    void act
      .run((commandId) => desk.sync.sendAgain({ commandId, targetId: row.commandId }))
      .then(async (done) => {
        await queryClient.invalidateQueries({ queryKey: queries.sync.key() });
        if (done !== undefined) onClose();
      });
  };
  const conflict = useQuery({
    ...queries.sync.conflict.queryOptions({ input: { targetId: row.commandId } }),
    enabled: row.state === 'conflict',
    retry: false,
  });
  const maySendAgain = row.state === 'parked' && mayActOnQueue(permissions);
  return (
    <div className="col">
      <p>
        <strong>{sayAct(texts, row.kind)}</strong> · <span className="num">{formatDateTime(row.atMs)}</span> · {row.operatorName}
      </p>
      <p>{t(`sync.row.${row.state}`)}</p>
      {row.lastAnswer !== '' && <AnswerWords code={answerOfRow(row)} />}
      {row.state === 'conflict' && (
        <QueryGate query={conflict}>{(view) => <ConflictSides targetId={row.commandId} view={view} onDone={onClose} />}</QueryGate>
      )}
      {maySendAgain && <p className="quiet">{t('sync.row.sendAgain.does')}</p>}
      <div className="row">
        {maySendAgain && (
          <Button onClick={sendAgain} aria-busy={act.startedAtMs !== null || undefined} data-autofocus>
            {t('sync.row.sendAgain')}
          </Button>
        )}
        {row.applicationId !== '' && (
          <Button
            variant="default"
            data-autofocus={!maySendAgain || undefined}
            onClick={() => {
              onOpenCase(row.applicationId);
            }}
          >
            {t('sync.row.open')}
          </Button>
        )}
      </div>
      <FailureNote failure={act.failure} onRetry={sendAgain} />
    </div>
  );
}
