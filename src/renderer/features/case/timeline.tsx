import type { ApplicationView } from '../../../shared/contract/application.ts';
import { formatDateTime } from '../../app/format.ts';
import { sayAct, sayCode } from '../../app/say.ts';
import { useTexts } from '../../app/text.ts';
import { SyncState } from '../../ui/sync-word.tsx';

/** Every act on the case: who, at which desk, by both clocks, and how it stands with the registry. Newest first. */
export function Timeline({ view }: { readonly view: ApplicationView }) {
  const texts = useTexts();
  const { t } = texts;
  return (
    <section className="panel" aria-label={t('case.timeline')}>
      <h2>{t('case.timeline')}</h2>
      <ol className="timeline">
        {[...view.timeline].reverse().map((entry) => (
          <li key={entry.commandId}>
            <div>
              <strong>{sayAct(texts, entry.act)}</strong> · <span className="num">{formatDateTime(entry.atMs, 'seconds')}</span>
            </div>
            <div className="quiet">
              {entry.operatorName} · {entry.deskId}
              {entry.registryAtMs === null ? '' : ` · ${t('case.registryClock', { time: formatDateTime(entry.registryAtMs, 'seconds') })}`}
            </div>
            {entry.note?.code === 'CONTRACT_NUMBER' && <div className="mono">{entry.note.params['number']}</div>}
            <SyncState
              word={entry.sync}
              {...(entry.note === null || entry.note.code === 'CONTRACT_NUMBER'
                ? {}
                : { reason: sayCode(texts, entry.note.code, entry.note.params) })}
            />
          </li>
        ))}
      </ol>
    </section>
  );
}
