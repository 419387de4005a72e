import type { UseQueryResult } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTexts } from '../app/text.ts';
import { failureOf } from '../desk-client/index.ts';
import { Busy } from './busy.tsx';
import { FailureNote } from './failure-note.tsx';

/** Shows what was read; before that what is being waited for and how long; a failure with a second try. Old data stay under a failure. */
export function QueryGate<Data>({
  query,
  children,
}: {
  readonly query: UseQueryResult<Data>;
  readonly children: (data: Data) => ReactNode;
}) {
  const { t } = useTexts();
  const [sinceMs] = useState(() => Date.now());
  return (
    <>
      {query.error !== null && <FailureNote failure={failureOf(query.error)} onRetry={() => void query.refetch()} />}
      {query.data === undefined && query.error === null && <Busy text={t('frame.reading')} sinceMs={sinceMs} />}
      {query.data !== undefined && children(query.data)}
    </>
  );
}
