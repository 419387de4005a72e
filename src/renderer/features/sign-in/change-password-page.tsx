import { Button } from '@mantine/core';
import { useEffect } from 'react';
import type { SessionView } from '../../../shared/contract/session.ts';
import { setTitle, useTexts } from '../../app/text.ts';
import { desk, forgetOperator, useAct } from '../../desk-client/index.ts';
import { FailureNote } from '../../ui/failure-note.tsx';
import { ChangePasswordForm } from './change-password-form.tsx';

/** What an operator sees, and nothing else, until he has replaced a password that somebody gave him. */
export function ChangePasswordPage({ session }: { readonly session: SessionView }) {
  const { t } = useTexts();
  const leaving = useAct();
  useEffect(() => {
    setTitle(t('signIn.changePassword'));
  }, [t]);
  const signOut = (): void => {
    void leaving
      .run(() => desk.session.signOut())
      .then((answer) => {
        if (answer !== undefined) forgetOperator();
      });
  };
  return (
    <main className="door">
      <div className="panel col">
        <h1>{t('signIn.changePassword')}</h1>
        <p className="quiet">{session.fullName}</p>
        <p>{t('signIn.mustChangeHint')}</p>
        <ChangePasswordForm>
          <Button variant="default" onClick={signOut}>
            {t('signIn.signOut')}
          </Button>
        </ChangePasswordForm>
        <FailureNote failure={leaving.failure} />
      </div>
    </main>
  );
}
