import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { applicationStates, type ApplicationState } from '../../../shared/rules/vocabulary.ts';
import { useTexts } from '../../app/text.ts';
import { queries } from '../../desk-client/index.ts';
import { Page } from '../../ui/page.tsx';
import { QueryGate } from '../../ui/query-gate.tsx';
import { ApplicationList } from './application-list.tsx';

/** All cases: mine or the office's, of any state. */
export function ApplicationsPage() {
  const { t } = useTexts();
  const [scope, setScope] = useState<'mine' | 'office'>('office');
  const [state, setState] = useState<ApplicationState | ''>('');
  const query = useQuery(queries.application.list.queryOptions({ input: { scope, states: state === '' ? [] : [state], limit: 500 } }));
  const tools = (
    <>
      <NativeSelect
        aria-label={t('list.scope')}
        value={scope}
        data={[
          { value: 'office', label: t('list.office') },
          { value: 'mine', label: t('list.mine') },
        ]}
        onChange={(event) => {
          setScope(event.currentTarget.value === 'mine' ? 'mine' : 'office');
        }}
      />
      <NativeSelect
        aria-label={t('list.state')}
        value={state}
        data={[{ value: '', label: t('list.anyState') }, ...applicationStates.map((value) => ({ value, label: t(`states.${value}`) }))]}
        onChange={(event) => {
          setState(applicationStates.find((one) => one === event.currentTarget.value) ?? '');
        }}
      />
    </>
  );
  return (
    <Page title={t('frame.applications')} fills>
      <QueryGate query={query}>
        {(data) => (
          <ApplicationList
            label={t('frame.applications')}
            rows={data.rows}
            empty={t('list.emptyApplications')}
            tools={tools}
            hasAutoFocus
          />
        )}
      </QueryGate>
    </Page>
  );
}
