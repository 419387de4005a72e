import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { formatTime } from '../../app/format.ts';
import { sayAct } from '../../app/say.ts';
import { useTexts } from '../../app/text.ts';
import { queries } from '../../desk-client/index.ts';
import { QueryGate } from '../../ui/query-gate.tsx';
import { Signal } from '../../ui/signal.tsx';

/** Our counts beside the registry's of the same day; every difference has a name. */
export function ComparePanel({ on, onClose }: { readonly on: string; readonly onClose: () => void }) {
  const texts = useTexts();
  const { t } = texts;
  const query = useQuery(queries.register.compare.queryOptions({ input: { on }, staleTime: 0 }));
  return (
    <section className="panel" aria-label={t('register.compare')}>
      <QueryGate query={query}>
        {({ lines, onlyHere, onlyThere, atMs }) => (
          <>
            <table className="plain">
              <thead>
                <tr>
                  <th>{t('register.act')}</th>
                  <th>{t('register.here')}</th>
                  <th>{t('register.there')}</th>
                  <th>{t('register.difference')}</th>
                </tr>
              </thead>
              <tbody>
                {lines.map((line) => (
                  <tr key={line.kind}>
                    <td>{sayAct(texts, line.kind)}</td>
                    <td className="num">{line.here}</td>
                    <td className="num">{line.registry}</td>
                    <td>
                      <Signal tone={line.here === line.registry ? 'good' : 'attention'}>
                        {line.here === line.registry ? t('register.same') : String(line.here - line.registry)}
                      </Signal>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
            {onlyHere.length > 0 && <p className="tone-attention">{t('register.onlyHere', { list: onlyHere.join(', ') })}</p>}
            {onlyThere.length > 0 && <p className="tone-attention">{t('register.onlyThere', { list: onlyThere.join(', ') })}</p>}
            <p className="quiet num">{t('register.comparedAt', { time: formatTime(atMs, 'seconds') })}</p>
          </>
        )}
      </QueryGate>
      <Button variant="default" onClick={onClose}>
        {t('frame.close')}
      </Button>
    </section>
  );
}
