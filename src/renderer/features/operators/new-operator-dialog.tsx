import { PasswordInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { decideRoleSet } from '../../../shared/rules/rights.ts';
import type { Role } from '../../../shared/rules/vocabulary.ts';
import { useTexts } from '../../app/text.ts';
import { desk, queries, queryClient, useAct } from '../../desk-client/index.ts';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { RoleTicks } from './role-ticks.tsx';

export function NewOperatorDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTexts();
  const act = useAct();
  const [fullName, setFullName] = useState('');
  const [login, setLogin] = useState('');
  const [initialPassword, setPassword] = useState('');
  const [held, setHeld] = useState<Role[]>([]);
  const isComplete = fullName.trim() !== '' && /^[a-z0-9._-]{2,60}$/u.test(login) && initialPassword.length >= 10 && decideRoleSet(held).ok;
  const create = (): void => {
    void act
      .run((commandId) => desk.operator.create({ commandId, login, fullName: fullName.trim(), initialPassword, roles: held }))
      .then((answer) => {
        if (answer === undefined) return;
        void queryClient.invalidateQueries({ queryKey: queries.operator.key() });
        onClose();
      });
  };
  return (
    <ConfirmDialog
      isOpen
      title={t('operators.new')}
      confirmLabel={t('operators.create')}
      isDanger={false}
      onClose={onClose}
      onConfirm={create}
      isDisabled={!isComplete}
      isBusy={act.startedAtMs !== null}
    >
      <TextInput
        label={t('operators.name')}
        value={fullName}
        data-autofocus
        onChange={(event) => {
          setFullName(event.currentTarget.value);
        }}
      />
      <TextInput
        label={t('signIn.login')}
        description={t('operators.loginHint')}
        value={login}
        onChange={(event) => {
          setLogin(event.currentTarget.value);
        }}
      />
      <PasswordInput
        label={t('operators.initialPassword')}
        description={t('operators.passwordHint')}
        value={initialPassword}
        visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
        onChange={(event) => {
          setPassword(event.currentTarget.value);
        }}
      />
      <RoleTicks held={held} onChange={setHeld} />
      <FailureNote failure={act.failure} onRetry={create} />
    </ConfirmDialog>
  );
}
