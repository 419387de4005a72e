import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { formatDateTime } from '../../app/format.ts';
import { sayAct } from '../../app/say.ts';
import { useTexts } from '../../app/text.ts';
import { desk, queries, useAct } from '../../desk-client/index.ts';
import { Busy } from '../../ui/busy.tsx';
import { DataList } from '../../ui/data-list.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { ActionButton } from '../../ui/main-button.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryGate } from '../../ui/query-gate.tsx';
import { Note } from '../../ui/signal.tsx';
import { AuditDetail, detailText } from './audit-detail.tsx';

const pageRows = 500;
type AuditVerdict = Awaited<ReturnType<typeof desk.audit.verify>>;

/** The journal of acts: who did what when, chained so that nothing can be changed unseen. */
export function AuditPage() {
  const texts = useTexts();
  const { t, find, language } = texts;
  const [beforeSeq, setBeforeSeq] = useState<number | undefined>(undefined);
  const query = useQuery(
    queries.audit.list.queryOptions({ input: { limit: pageRows, ...(beforeSeq === undefined ? {} : { beforeSeq }) } }),
  );
  const act = useAct();
  const [verdict, setVerdict] = useState<AuditVerdict | null>(null);
  const verify = (): void => {
    setVerdict(null);
    void act
      .run(() => desk.audit.verify())
      .then((answer) => {
        if (answer !== undefined) setVerdict(answer);
      });
  };
  const oldest = query.data?.at(-1)?.seq;
  return (
    <Page
      title={t('frame.audit')}
      fills
      head={
        <>
          <ActionButton label={t('audit.verify')} onRun={verify} isBusy={act.startedAtMs !== null} />
          {act.startedAtMs !== null && <Busy text={t('audit.verifying')} sinceMs={act.startedAtMs} />}
        </>
      }
    >
      <FailureNote failure={act.failure} onRetry={verify} />
      {verdict !== null && (
        <Note tone={verdict.firstBadSeq === null ? 'good' : 'stop'} role="status">
          {verdict.firstBadSeq === null
            ? `${t('audit.whole', { n: verdict.rows })} ${t('audit.sealed', { seals: verdict.seals, sealedUptoSeq: verdict.sealedUptoSeq, countersignedUptoSeq: verdict.countersignedUptoSeq })}`
            : t('audit.broken', { seq: verdict.firstBadSeq })}
        </Note>
      )}
      <QueryGate query={query}>
        {(rows) => (
          <DataList
            name="audit"
            label={t('frame.audit')}
            rows={rows}
            rowKey={(row) => String(row.seq)}
            empty={t('audit.empty')}
            hasAutoFocus
            isRoomy
            tools={
              <>
                <Button
                  variant="default"
                  disabled={rows.length < pageRows}
                  onClick={() => {
                    setBeforeSeq(oldest);
                  }}
                >
                  {t('audit.older')}
                </Button>
                <Button
                  variant="default"
                  disabled={beforeSeq === undefined}
                  onClick={() => {
                    setBeforeSeq(undefined);
                  }}
                >
                  {t('audit.newest')}
                </Button>
              </>
            }
            columns={[
              {
                id: 'seq',
                header: t('audit.seq'),
                width: '70px',
                value: (row) => row.seq,
                cell: (row) => <span className="num">{row.seq}</span>,
              },
              {
                id: 'at',
                header: t('sync.when'),
                width: '160px',
                value: (row) => row.atMs,
                cell: (row) => <span className="num">{formatDateTime(row.atMs, 'seconds')}</span>,
              },
              {
                id: 'act',
                header: t('sync.act'),
                width: '1.4fr',
                value: (row) => sayAct(texts, row.act),
                cell: (row) => sayAct(texts, row.act),
              },
              {
                id: 'operator',
                header: t('sync.operator'),
                width: '0.8fr',
                value: (row) => row.operatorLogin,
                cell: (row) => <span className="mono">{row.operatorLogin}</span>,
              },
              {
                id: 'role',
                header: t('signIn.role'),
                width: '1.5fr',
                value: (row) => find(`terms.role.${row.role}`),
                cell: (row) => find(`terms.role.${row.role}`, {}, row.role),
              },
              {
                id: 'detail',
                header: t('audit.detail'),
                width: '2.6fr',
                value: (row) => detailText(texts, row.detail),
                cell: (row) => <AuditDetail texts={texts} detail={row.detail} />,
              },
              {
                id: 'hash',
                header: t('audit.hash'),
                width: '110px',
                value: (row) => row.hash,
                cell: (row) => (
                  <span className="mono small" lang={language}>
                    {row.hash.slice(0, 12)}
                  </span>
                ),
              },
            ]}
          />
        )}
      </QueryGate>
    </Page>
  );
}
