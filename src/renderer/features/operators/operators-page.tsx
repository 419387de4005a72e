import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { OperatorView } from '../../../shared/contract/operator.ts';
import { formatDateTime } from '../../app/format.ts';
import { useMay } from '../../app/session.ts';
import { useTexts } from '../../app/text.ts';
import { queries } from '../../desk-client/index.ts';
import { DataList, type Column } from '../../ui/data-list.tsx';
import { ActionButton } from '../../ui/main-button.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryGate } from '../../ui/query-gate.tsx';
import { Signal } from '../../ui/signal.tsx';
import { NewOperatorDialog } from './new-operator-dialog.tsx';
import { OperatorDialog } from './operator-dialog.tsx';

/** Who may work at the desks, in which roles, and since when. Source: R-08 */
export function OperatorsPage() {
  const { t } = useTexts();
  const may = useMay();
  const query = useQuery(queries.operator.list.queryOptions());
  const [openId, setOpenId] = useState<string | null>(null);
  const [isNew, setNew] = useState(false);
  const opened = query.data?.find((one) => one.operatorId === openId);
  const columns: readonly Column<OperatorView>[] = [
    { id: 'name', header: t('operators.name'), width: '1.4fr', value: (row) => row.fullName, cell: (row) => row.fullName },
    {
      id: 'login',
      header: t('signIn.login'),
      width: '1fr',
      value: (row) => row.login,
      cell: (row) => <span className="mono">{row.login}</span>,
    },
    {
      id: 'roles',
      header: t('operators.roles'),
      width: '2.6fr',
      value: (row) => row.roles.map((role) => t(`terms.role.${role}`)).join(', '),
      cell: (row) => row.roles.map((role) => t(`terms.role.${role}`)).join(', '),
    },
    {
      id: 'state',
      header: t('operators.state'),
      width: '150px',
      value: (row) => stateOf(row),
      cell: (row) => <Signal tone={stateOf(row) === 'active' ? 'good' : 'stop'}>{t(`operators.state.${stateOf(row)}`)}</Signal>,
    },
    {
      id: 'seen',
      header: t('operators.lastSeen'),
      width: '150px',
      value: (row) => row.lastSeenAtMs ?? 0,
      cell: (row) => <span className="num">{row.lastSeenAtMs === null ? '–' : formatDateTime(row.lastSeenAtMs)}</span>,
    },
  ];
  const canManage = may('operator.manage');
  return (
    <Page
      title={t('frame.operators')}
      fills
      head={
        canManage && (
          <ActionButton
            command="newOperator"
            label={t('operators.new')}
            onRun={() => {
              setNew(true);
            }}
          />
        )
      }
    >
      <QueryGate query={query}>
        {(rows) => (
          <DataList
            name="operators"
            isRoomy
            label={t('frame.operators')}
            rows={rows}
            columns={columns}
            rowKey={(row) => row.operatorId}
            onOpen={(row) => {
              setOpenId(row.operatorId);
            }}
            empty={t('operators.empty')}
            hasAutoFocus
          />
        )}
      </QueryGate>
      {opened !== undefined && (
        <OperatorDialog
          operator={opened}
          canManage={canManage}
          onClose={() => {
            setOpenId(null);
          }}
        />
      )}
      {isNew && (
        <NewOperatorDialog
          onClose={() => {
            setNew(false);
          }}
        />
      )}
    </Page>
  );
}

function stateOf(operator: OperatorView): 'active' | 'disabled' | 'lockedOut' {
  if (operator.isDisabled) return 'disabled';
  return operator.isLockedOut ? 'lockedOut' : 'active';
}
