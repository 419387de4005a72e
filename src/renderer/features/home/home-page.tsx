import { useQuery } from '@tanstack/react-query';
import { useMay } from '../../app/session.ts';
import { useTexts } from '../../app/text.ts';
import { queries } from '../../desk-client/index.ts';
import { Page } from '../../ui/page.tsx';
import { QueryGate } from '../../ui/query-gate.tsx';
import { ApplicationList } from '../applications/index.ts';
import { RestorationNote } from '../storage/index.ts';

const countNames = ['dueToday', 'breached', 'returned', 'drafts', 'mine', 'office'] as const;

/** What is due, the nearest deadline first. Source: T-01, T-08 */
export function HomePage() {
  const { t } = useTexts();
  const may = useMay();
  const query = useQuery(queries.application.home.queryOptions());
  return (
    <Page title={t('frame.today')} fills>
      <RestorationNote />
      <QueryGate query={query}>
        {(data) => (
          <>
            <dl className="counts" style={{ margin: 0 }}>
              {countNames.map((name) => (
                <div key={name}>
                  <dt>{t(`home.count.${name}`)}</dt>
                  <dd className={(name === 'breached' || name === 'returned') && data.counts[name] > 0 ? 'tone-stop' : ''}>
                    {data.counts[name]}
                  </dd>
                </div>
              ))}
            </dl>
            <ApplicationList
              label={t('home.due')}
              rows={data.due}
              empty={t(may('application.edit') ? 'home.empty' : 'home.emptyForRole')}
              hasAutoFocus
            />
          </>
        )}
      </QueryGate>
    </Page>
  );
}
