import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { SessionView } from '../../../shared/contract/session.ts';
import { useCommand } from '../../app/commands.ts';
import { useTexts } from '../../app/text.ts';
import { desk, queries, queryClient, useAct } from '../../desk-client/index.ts';
import { Busy } from '../../ui/busy.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { KeyHint, shortcutOf } from '../../ui/key-hint.tsx';

/** Cards in the readers of this desk; none where the desk has no card host. */
export function useSignInCards() {
  return useQuery(queries.session.cards.queryOptions({ refetchInterval: 20_000 })).data ?? { code: 'CARD_HOST_FAILED', readers: [] };
}

/** One button for each card: PIN1 is typed in the PIN window, never here. */
export function CardWay({
  label,
  hasFocus = false,
  work,
}: {
  readonly label: string;
  readonly hasFocus?: boolean;
  readonly work: (readerName: string) => Promise<SessionView>;
}) {
  const { t } = useTexts();
  const act = useAct();
  const { readers } = useSignInCards();
  const ours = readers.filter(({ isOurs }) => isOurs);
  const enter = (readerName: string): void => {
    void act
      .run(() => work(readerName))
      .then((session) => {
        if (session === undefined) return;
        queryClient.setQueryData(queries.session.current.queryKey(), session);
        void queryClient.invalidateQueries();
      });
  };
  const isBusy = act.startedAtMs !== null;
  const [first] = ours;
  useCommand('signInByCard', () => first !== undefined && enter(first.readerName), { isEnabled: first !== undefined && !isBusy });
  return (
    <section className="col" aria-label={label}>
      {ours.length === 0 && <p className="quiet">{t('signIn.noCard')}</p>}
      {ours.map(({ readerName }, index) => (
        <Button
          key={readerName}
          variant={hasFocus ? 'filled' : 'default'}
          autoFocus={hasFocus && index === 0}
          aria-disabled={isBusy}
          aria-keyshortcuts={shortcutOf('signInByCard')}
          justify="space-between"
          rightSection={<span className={hasFocus ? 'small' : 'quiet small'}>{readerName}</span>}
          onClick={() => {
            enter(readerName);
          }}
        >
          {label}
          {index === 0 && !hasFocus && <KeyHint id="signInByCard" />}
        </Button>
      ))}
      {act.startedAtMs !== null && (
        <Busy
          text={t('signIn.cardTyping')}
          sinceMs={act.startedAtMs}
          onCancel={() => {
            for (const { readerName } of ours) void desk.session.cancelCard({ readerName });
          }}
        />
      )}
      <FailureNote failure={act.failure} />
    </section>
  );
}
