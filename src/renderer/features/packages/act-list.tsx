import type { PackageView } from '../../../shared/contract/package.ts';
import { formatDateTime } from '../../app/format.ts';
import { sayAct, sayCode } from '../../app/say.ts';
import { useTexts } from '../../app/text.ts';
import { SyncState } from '../../ui/sync-word.tsx';

/** Every act: who, at which desk, by both clocks, and how it stands with the registry. Newest first. */
export function ActList({ acts }: { readonly acts: PackageView['timeline'] }) {
  const texts = useTexts();
  const { t } = texts;
  return (
    <section className="panel" aria-label={t('packages.timeline')}>
      <h2>{t('packages.timeline')}</h2>
      <ol className="timeline">
        {[...acts].reverse().map((entry) => (
          <li key={entry.commandId}>
            <div>
              <strong>{sayAct(texts, entry.act)}</strong> · <span className="num">{formatDateTime(entry.atMs, 'seconds')}</span>
            </div>
            <div className="quiet">
              {entry.operatorName} · {entry.deskId}
              {entry.registryAtMs === null ? '' : ` · ${t('case.registryClock', { time: formatDateTime(entry.registryAtMs, 'seconds') })}`}
            </div>
            <SyncState word={entry.sync} {...(entry.note === null ? {} : { reason: sayCode(texts, entry.note.code, entry.note.params) })} />
          </li>
        ))}
      </ol>
    </section>
  );
}
