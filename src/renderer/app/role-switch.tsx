import { Button, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import type { SessionView } from '../../shared/contract/session.ts';
import { roles } from '../../shared/rules/vocabulary.ts';
import { desk, forgetOperator, queries, queryClient, useAct } from '../desk-client/index.ts';
import { ChangePasswordForm } from '../features/sign-in/index.ts';
import { ConfirmDialog, Dialog } from '../ui/dialog.tsx';
import { FailureNote } from '../ui/failure-note.tsx';
import { useCommand } from './commands.ts';
import { useTexts } from './text.ts';

/** The operator and the role of this session; a person with several roles changes it here. */
export function RoleSwitch({ session }: { readonly session: SessionView }) {
  const { t } = useTexts();
  const act = useAct();
  const [isLeaving, setLeaving] = useState(false);
  const [isChanging, setChanging] = useState(false);
  useCommand(
    'changePassword',
    () => {
      setChanging(true);
    },
    { label: t('signIn.changePassword') },
  );
  const change = (role: string): void => {
    const chosen = roles.find((one) => one === role);
    if (chosen === undefined) return;
    void act
      .run(() => desk.session.changeRole({ role: chosen }))
      .then((answer) => {
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
        setLeaving(false);
        forgetOperator();
      });
  };
  return (
    <>
      <span>{session.fullName}</span>
      {session.roles.length > 1 ? (
        <NativeSelect
          aria-label={t('signIn.role')}
          value={session.role}
          data={session.roles.map((role) => ({ value: role, label: t(`terms.role.${role}`) }))}
          onChange={(event) => {
            change(event.currentTarget.value);
          }}
        />
      ) : (
        <span className="quiet">{t(`terms.role.${session.role}`)}</span>
      )}
      <Button
        variant="default"
        onClick={() => {
          setLeaving(true);
        }}
      >
        {t('signIn.signOut')}
      </Button>
      <Dialog
        isOpen={isChanging}
        title={t('signIn.changePassword')}
        onClose={() => {
          setChanging(false);
        }}
      >
        <ChangePasswordForm
          onDone={() => {
            setChanging(false);
          }}
        />
      </Dialog>
      <ConfirmDialog
        isOpen={isLeaving}
        title={t('signIn.signOut')}
        confirmLabel={t('signIn.signOut')}
        isDanger={false}
        onConfirm={signOut}
        onClose={() => {
          setLeaving(false);
        }}
      >
        <p>{t('signIn.signOutQuestion')}</p>
        <FailureNote failure={act.failure} />
      </ConfirmDialog>
    </>
  );
}
