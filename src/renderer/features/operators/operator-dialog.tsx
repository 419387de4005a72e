import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { OperatorView } from '../../../shared/contract/operator.ts';
import { decideRoleSet } from '../../../shared/rules/rights.ts';
import type { Role } from '../../../shared/rules/vocabulary.ts';
import { formatDateTime } from '../../app/format.ts';
import { useTexts } from '../../app/text.ts';
import { desk, queries, queryClient, useAct } from '../../desk-client/index.ts';
import { Busy } from '../../ui/busy.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { CardBinding } from './card-binding.tsx';
import { RoleTicks } from './role-ticks.tsx';

interface Props {
  readonly operator: OperatorView;
  readonly canManage: boolean;
  readonly onClose: () => void;
}

/** One operator: roles, lock, password, and who had which right when. Everything takes effect at every desk at its next contact. */
export function OperatorDialog({ operator, canManage, onClose }: Props) {
  const { t } = useTexts();
  const act = useAct();
  const { operatorId } = operator;
  const [held, setHeld] = useState<Role[]>(operator.roles);
  const [reason, setReason] = useState('');
  const [newPassword, setNewPassword] = useState('');
  const perform = (work: (commandId: string) => Promise<unknown>): void => {
    void act.run(work).then((answer) => {
      if (answer !== undefined) void queryClient.invalidateQueries({ queryKey: queries.operator.key() });
    });
  };
  const isBusy = act.startedAtMs !== null;
  const areSame = held.length === operator.roles.length && held.every((role) => operator.roles.includes(role));
  return (
    <Dialog isOpen title={operator.fullName} size="lg" onClose={onClose}>
      <div className="col">
        {canManage && (
          <>
            <RoleTicks held={held} onChange={setHeld} />
            <div className="row">
              <Button
                disabled={isBusy || areSame || !decideRoleSet(held).ok}
                onClick={() => {
                  perform((commandId) => desk.operator.appoint({ commandId, operatorId, roles: held }));
                }}
              >
                {t('operators.appoint')}
              </Button>
              {operator.isLockedOut && (
                <Button
                  variant="default"
                  disabled={isBusy}
                  onClick={() => {
                    perform((commandId) => desk.operator.unlock({ commandId, operatorId }));
                  }}
                >
                  {t('operators.unlock')}
                </Button>
              )}
              {operator.isDisabled && (
                <Button
                  variant="default"
                  disabled={isBusy}
                  onClick={() => {
                    perform((commandId) => desk.operator.enable({ commandId, operatorId }));
                  }}
                >
                  {t('operators.enable')}
                </Button>
              )}
            </div>
            {!operator.isDisabled && (
              <form
                className="row"
                style={{ alignItems: 'flex-end' }}
                onSubmit={(event) => {
                  event.preventDefault();
                  perform((commandId) => desk.operator.disable({ commandId, operatorId, reason: reason.trim() }));
                }}
              >
                <TextInput
                  label={t('operators.disableReason')}
                  value={reason}
                  style={{ flex: 1 }}
                  onChange={(event) => {
                    setReason(event.currentTarget.value);
                  }}
                />
                <Button type="submit" variant="default" disabled={isBusy || reason.trim().length < 3}>
                  {t('operators.disable')}
                </Button>
              </form>
            )}
            <form
              className="row"
              style={{ alignItems: 'flex-end' }}
              onSubmit={(event) => {
                event.preventDefault();
                perform((commandId) => desk.operator.resetPassword({ commandId, operatorId, newPassword }));
                setNewPassword('');
              }}
            >
              <PasswordInput
                label={t('operators.newPassword')}
                description={t('operators.passwordHint')}
                value={newPassword}
                style={{ flex: 1 }}
                visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
                onChange={(event) => {
                  setNewPassword(event.currentTarget.value);
                }}
              />
              <Button type="submit" variant="default" disabled={isBusy || newPassword.length < 10}>
                {t('operators.reset')}
              </Button>
            </form>
            <CardBinding operator={operator} />
            <FailureNote failure={act.failure} />
            {act.startedAtMs !== null && <Busy text={t('form.working')} sinceMs={act.startedAtMs} />}
          </>
        )}
        <h2>{t('operators.history')}</h2>
        <table className="plain">
          <thead>
            <tr>
              <th>{t('signIn.role')}</th>
              <th>{t('operators.from')}</th>
              <th>{t('operators.until')}</th>
              <th>{t('operators.by')}</th>
            </tr>
          </thead>
          <tbody>
            {operator.appointments.map((one) => (
              <tr key={`${one.role}-${String(one.fromMs)}`}>
                <td>{t(`terms.role.${one.role}`)}</td>
                <td className="num">{formatDateTime(one.fromMs)}</td>
                <td className="num">{one.untilMs === null ? '–' : formatDateTime(one.untilMs)}</td>
                <td className="mono">{one.byLogin}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Dialog>
  );
}
