import { Button } from '@mantine/core';
import type { ConflictChoice } from '../../../shared/rules/conflict.ts';
import { formatDateTime } from '../../app/format.ts';
import { sayAct } from '../../app/say.ts';
import { useStatus } from '../../app/session.ts';
import { useTexts } from '../../app/text.ts';
import { desk, queries, queryClient, useAct } from '../../desk-client/index.ts';
import { FailureNote } from '../../ui/failure-note.tsx';
import type { ConflictData } from './page-data.ts';

interface Props {
  readonly targetId: string;
  readonly view: ConflictData;
  readonly onDone: () => void;
}

/** Both sides beside each other, and under each answer what it does. Nothing is chosen beforehand. */
export function ConflictSides({ targetId, view, onDone }: Props) {
  const texts = useTexts();
  const { t } = texts;
  const act = useAct();
  const status = useStatus();
  const choose = (choice: ConflictChoice): void => {
    void act
      .run((commandId) => desk.sync.resolve({ commandId, targetId, choice }))
      .then(async (done) => {
        await queryClient.invalidateQueries({ queryKey: queries.sync.key() });
        if (done !== undefined) onDone();
      });
  };
  const { mine, theirs } = view;
  const unknown = t('sync.conflict.unknown');
  const rows: readonly (readonly [string, string, string])[] = [
    [t('sync.conflict.act'), sayAct(texts, view.kind), theirs.lastAct === null ? unknown : sayAct(texts, theirs.lastAct.kind)],
    [t('sync.conflict.who'), mine.operatorName, theirs.lastAct?.operatorName ?? unknown],
    [t('sync.conflict.when'), formatDateTime(mine.atMs), theirs.lastAct === null ? unknown : formatDateTime(theirs.lastAct.atMs)],
    [t('sync.conflict.desk'), status?.deskId ?? '–', theirs.lastAct?.deskId ?? unknown],
    [t('sync.conflict.state'), '–', theirs.state === '' ? unknown : texts.find(`states.${theirs.state}`, {}, theirs.state)],
  ];
  return (
    <div className="col">
      {view.isAboutLease && <p>{t('sync.conflict.lease')}</p>}
      <table className="plain" aria-label={t('sync.conflict.title')}>
        <thead>
          <tr>
            <th scope="col" aria-label={t('sync.conflict.title')} />
            <th scope="col">{t('sync.conflict.mine')}</th>
            <th scope="col">{t('sync.conflict.theirs')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([head, here, there]) => (
            <tr key={head}>
              <th scope="row">{head}</th>
              <td>{here}</td>
              <td>{there}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {view.choices.map(({ choice, stop }) => (
        <div key={choice} className="col">
          <span>
            <Button
              variant="default"
              data-off={stop !== null || undefined}
              style={stop === null ? undefined : { background: 'var(--q-raised)', color: 'var(--q-quiet)', cursor: 'not-allowed' }}
              aria-disabled={stop !== null || act.startedAtMs !== null}
              aria-describedby={`does-${choice}`}
              onClick={() => {
                if (stop === null && act.startedAtMs === null) choose(choice);
              }}
            >
              {t(`sync.conflict.${choice}`)}
            </Button>
          </span>
          <p id={`does-${choice}`} className="quiet small">
            {t(`sync.conflict.${choice}.does`)} {stop === null ? '' : t(`sync.conflict.stop.${stop}`)}
          </p>
        </div>
      ))}
      <FailureNote failure={act.failure} onRetry={act.clear} />
    </div>
  );
}
