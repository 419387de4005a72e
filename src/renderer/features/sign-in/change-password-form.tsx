import { Button, PasswordInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTexts } from '../../app/text.ts';
import { desk, queries, queryClient, useAct } from '../../desk-client/index.ts';
import { FailureNote } from '../../ui/failure-note.tsx';

/** As the contract wants it. */
const minLength = 10;

/** The current password and the new one twice; Enter sends it. `children` are further buttons. */
export function ChangePasswordForm({ onDone, children }: { readonly onDone?: () => void; readonly children?: ReactNode }) {
  const { t } = useTexts();
  const act = useAct();
  const [currentPassword, setCurrent] = useState('');
  const [newPassword, setNew] = useState('');
  const [repeated, setRepeated] = useState('');
  const isDifferent = repeated !== '' && repeated !== newPassword;
  const isComplete = currentPassword !== '' && newPassword.length >= minLength && repeated === newPassword;
  const change = (): void => {
    if (!isComplete) return;
    void act
      .run(() => desk.session.changePassword({ currentPassword, newPassword }))
      .then((session) => {
        if (session === undefined) return;
        queryClient.setQueryData(queries.session.current.queryKey(), session);
        void queryClient.invalidateQueries();
        onDone?.();
      });
  };
  const field = (label: string, value: string, set: (value: string) => void, extra: Record<string, unknown> = {}) => (
    <PasswordInput
      label={label}
      value={value}
      onChange={(event) => {
        set(event.currentTarget.value);
      }}
      visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
      {...extra}
    />
  );
  return (
    <form
      className="col"
      onSubmit={(event) => {
        event.preventDefault();
        change();
      }}
    >
      {field(t('signIn.currentPassword'), currentPassword, setCurrent, { autoFocus: true, 'data-autofocus': true })}
      {field(t('signIn.newPassword'), newPassword, setNew, { description: t('operators.passwordHint') })}
      {field(t('signIn.repeatPassword'), repeated, setRepeated, isDifferent ? { error: t('signIn.passwordsDiffer') } : {})}
      <FailureNote failure={act.failure} />
      <div className="row">
        <Button type="submit" loading={act.startedAtMs !== null} disabled={!isComplete}>
          {t('signIn.changePassword')}
        </Button>
        {children}
      </div>
    </form>
  );
}
