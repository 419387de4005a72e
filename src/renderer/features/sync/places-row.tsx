import { formatDateTime } from '../../app/format.ts';
import { useTexts } from '../../app/text.ts';
import { Signal } from '../../ui/signal.tsx';
import type { SyncPageData } from './page-data.ts';

/** Whether every act of this desk stands at the registry, and what had to go again because the registry came back from an older copy. */
export function PlacesRow({ places }: { readonly places: SyncPageData['places'] }) {
  const { t } = useTexts();
  const { taken, proven, checkedAtMs, sentAgain, different } = places;
  return (
    <tr>
      <th scope="row">{t('sync.places')}</th>
      <td className="num">
        {taken === 0
          ? t('sync.places.none')
          : checkedAtMs === null
            ? t('sync.places.waiting', { taken })
            : t('sync.places.proven', { proven, taken, at: formatDateTime(checkedAtMs) })}
        {sentAgain > 0 && <p>{t('sync.places.sentAgain', { n: sentAgain })}</p>}
        {different > 0 && (
          <p>
            <Signal tone="attention">{t('sync.places.different', { n: different })}</Signal>
          </p>
        )}
      </td>
    </tr>
  );
}
