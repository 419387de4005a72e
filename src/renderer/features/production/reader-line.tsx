import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTexts } from '../../app/text.ts';
import { failureOf, queries } from '../../desk-client/index.ts';
import { sayFailure } from '../../app/say.ts';
import { Signal } from '../../ui/signal.tsx';

/** Which reader the batch uses, and what of the machine is not ready. */
export function ReaderLine({ reader, onReader }: { readonly reader: string; readonly onReader: (name: string) => void }) {
  const texts = useTexts();
  const { t } = texts;
  const query = useQuery(queries.production.readers.queryOptions({ refetchInterval: 10_000 }));
  if (query.error !== null) return <Signal tone="attention">{sayFailure(texts, failureOf(query.error))}</Signal>;
  if (query.data === undefined) return null;
  const { link, readers, isMailerReady, isTokenReady } = query.data;
  return (
    <>
      {readers.length === 0 && <Signal tone="attention">{t('production.noReader')}</Signal>}
      {readers.length > 1 && (
        <NativeSelect
          aria-label={t('production.reader')}
          value={reader}
          data={[{ value: '', label: t('production.anyReader') }, ...readers.map(({ name }) => ({ value: name, label: name }))]}
          onChange={(event) => onReader(event.currentTarget.value)}
        />
      )}
      {readers.length === 1 && <span className="quiet">{readers[0]?.name}</span>}
      {link === 'direct' && <Signal tone="neutral">{t('production.virtual')}</Signal>}
      {!isMailerReady && <Signal tone="attention">{t('production.mailerOff')}</Signal>}
      {!isTokenReady && <Signal tone="attention">{t('production.tokenOff')}</Signal>}
    </>
  );
}
