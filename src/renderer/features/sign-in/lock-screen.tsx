import { Button, PasswordInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { SessionView } from '../../../shared/contract/session.ts';
import { useSilence } from '../../app/commands.ts';
import { setTitle, useTexts } from '../../app/text.ts';
import { desk, forgetOperator, queries, queryClient, useAct } from '../../desk-client/index.ts';
import { FailureNote } from '../../ui/failure-note.tsx';
import { useStatus } from '../../app/session.ts';
import { CardWay } from './card-way.tsx';

/** Nothing of the work is to be seen; the proof of the same operator brings it back as it was: his password, or the card he came in with. */
export function LockScreen({ session }: { readonly session: SessionView }) {
  const { t } = useTexts();
  const [password, setPassword] = useState('');
  const act = useAct();
  const status = useStatus();
  useSilence();
  useEffect(() => {
    setTitle(t('signIn.locked'));
  }, [t]);
  const unlock = (): void => {
    void act
      .run(() => desk.session.unlock({ password }))
      .then((answer) => {
        setPassword('');
        if (answer === undefined) return;
        queryClient.setQueryData(queries.session.current.queryKey(), answer);
        void queryClient.invalidateQueries();
      });
  };
  const signOut = (): void => {
    void act
      .run(() => desk.session.signOut())
      .then((answer) => {
        if (answer === undefined) return;
        forgetOperator();
      });
  };
  if (session.cardReader !== '') {
    return (
      <main className="door lock">
        <div className="panel col">
          <h1>{t('signIn.locked')}</h1>
          <p className="quiet">{t('signIn.cardLocked', { name: session.fullName })}</p>
          <CardWay
            label={t('signIn.unlockByCard')}
            hasFocus
            work={(readerName) =>
              desk.session.unlockWithCard({ readerName, title: t('cards.unlockTitle', { desk: status?.deskId ?? '' }) })
            }
          />
          <FailureNote failure={act.failure} />
          <Button variant="default" onClick={signOut}>
            {t('signIn.signOut')}
          </Button>
        </div>
      </main>
    );
  }
  return (
    <main className="door lock">
      <form
        className="panel col"
        onSubmit={(event) => {
          event.preventDefault();
          unlock();
        }}
      >
        <h1>{t('signIn.locked')}</h1>
        <p className="quiet">{t('signIn.lockedHint', { name: session.fullName })}</p>
        <PasswordInput
          label={t('signIn.password')}
          value={password}
          autoFocus
          onChange={(event) => {
            setPassword(event.currentTarget.value);
          }}
          visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
        />
        <FailureNote failure={act.failure} />
        <div className="row">
          <Button type="submit" loading={act.startedAtMs !== null}>
            {t('signIn.unlock')}
          </Button>
          <Button variant="default" onClick={signOut}>
            {t('signIn.signOut')}
          </Button>
        </div>
      </form>
    </main>
  );
}
