import { Notifications } from '@mantine/notifications';
import { RouterProvider } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { ChangePasswordPage, LockScreen, SignInPage } from '../features/sign-in/index.ts';
import { failureOf, queries, useConnection } from '../desk-client/index.ts';
import { Busy } from '../ui/busy.tsx';
import { FailureNote } from '../ui/failure-note.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import { router } from './router.tsx';
import { useTexts } from './text.ts';
import { useIdleLock } from './use-idle-lock.ts';

/**
 * Who may see what: nobody without the engine, a stranger the sign-in page, an operator the work. On lock the work stays mounted, with
 * everything typed in it, but hidden and out of reach; dialogs and notices lie inside it and go with it.
 */
export function Door() {
  const { t } = useTexts();
  const connection = useConnection();
  const isReady = connection.generation > 0;
  const session = useQuery(queries.session.current.queryOptions({ enabled: isReady, staleTime: Infinity }));
  const isLocked = session.data?.isLocked ?? false;
  const who = session.data === undefined ? undefined : session.data === null ? null : `${session.data.operatorId} ${session.data.role}`;
  const before = useRef<string | null | undefined>(undefined);
  // Whoever signs in, or changes the role, begins on the first page; a reload stays where it was. Not when the session arrives: the first page
  // sends its operator on at that very moment, and a second move would leave both on an empty page.
  useEffect(() => {
    const isRoleChanged = typeof before.current === 'string' && typeof who === 'string' && who !== before.current;
    if (who === null || isRoleChanged) void router.navigate({ to: '/', replace: true });
    before.current = who;
  }, [who]);
  useIdleLock(session.data !== null && session.data !== undefined && !isLocked);

  if (!isReady || (session.data === undefined && session.error === null)) {
    return (
      <main className="door">
        <h1 className="visually-hidden">{t('frame.program')}</h1>
        <Busy text={t('frame.connecting')} sinceMs={connection.sinceMs} />
      </main>
    );
  }
  if (session.data === undefined) {
    return (
      <main className="door">
        <h1 className="visually-hidden">{t('frame.program')}</h1>
        <FailureNote failure={failureOf(session.error)} onRetry={() => void session.refetch()} />
      </main>
    );
  }
  if (session.data === null) {
    return (
      <>
        <ConnectionBanner />
        <SignInPage />
        <div id="layers" />
      </>
    );
  }
  // Not over the work but in its place: none of its questions would be answered.
  if (session.data.mustChangePassword) {
    return (
      <>
        <ConnectionBanner />
        {isLocked ? <LockScreen session={session.data} /> : <ChangePasswordPage session={session.data} />}
        <div id="layers" />
      </>
    );
  }
  return (
    <>
      <div hidden={isLocked} inert={isLocked}>
        <RouterProvider router={router} />
        <Notifications position="bottom-right" autoClose={6_000} limit={3} withinPortal={false} />
        <div id="layers" />
      </div>
      {isLocked && <LockScreen session={session.data} />}
    </>
  );
}
