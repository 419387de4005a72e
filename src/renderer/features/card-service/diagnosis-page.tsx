import { useQuery } from '@tanstack/react-query';
import { explainedStatusWords, type CardFinding } from '../../../shared/rules/card-diagnosis.ts';
import { useTexts } from '../../app/text.ts';
import { queries } from '../../desk-client/index.ts';
import { ActionButton } from '../../ui/main-button.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryGate } from '../../ui/query-gate.tsx';
import { Signal, type Tone } from '../../ui/signal.tsx';

const tones: Readonly<Record<CardFinding['severity'], Tone>> = { stop: 'stop', attention: 'attention', good: 'good', note: 'neutral' };

/** How the cards of this computer stand, in plain words, for everybody who is signed in; and what the answer codes of cards mean. */
export function CardDiagnosisPage() {
  const { t } = useTexts();
  const query = useQuery(queries.card.diagnosis.queryOptions({ refetchInterval: 15_000 }));
  return (
    <Page
      title={t('cards.diagnosisTitle')}
      head={<ActionButton label={t('cards.checkAgain')} isQuiet isBusy={query.isFetching} onRun={() => void query.refetch()} />}
    >
      <QueryGate query={query}>
        {({ status, findings }) => (
          <section className="panel" aria-label={t('cards.findings')} aria-live="polite">
            <p className="quiet">
              {t('cards.link')}: {t(`cards.link.${status?.link ?? 'none'}`)}
            </p>
            <table className="plain" aria-label={t('cards.findings')}>
              <thead>
                <tr>
                  <th>{t('cards.part')}</th>
                  <th>{t('cards.meaning')}</th>
                  <th>{t('cards.advice')}</th>
                </tr>
              </thead>
              <tbody>
                {findings.map((finding) => (
                  <tr key={`${finding.code} ${finding.readerName}`}>
                    <td>{finding.readerName === '' ? t('cards.machine') : finding.readerName}</td>
                    <td>
                      <Signal tone={tones[finding.severity]}>{t(`cards.finding.${finding.code}`)}</Signal>
                      {finding.readerName !== '' && finding.detail !== '' && (
                        <div className="mono small">
                          {t('cards.atr')}: {finding.detail}
                        </div>
                      )}
                    </td>
                    <td>
                      {t(`cards.advice.${finding.code}`)}
                      {finding.readerName === '' && finding.detail !== '' && <div className="mono">{finding.detail}</div>}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        )}
      </QueryGate>
      <section className="panel" aria-label={t('cards.words')}>
        <h2>{t('cards.words')}</h2>
        <table className="plain facts" aria-label={t('cards.words')}>
          <thead>
            <tr>
              <th style={{ width: '6rem' }}>{t('cards.word')}</th>
              <th>{t('cards.meaning')}</th>
            </tr>
          </thead>
          <tbody>
            {explainedStatusWords.map((word) => (
              <tr key={word}>
                <th scope="row" className="mono">
                  {word}
                </th>
                <td>{t(`cards.sw.${word}`)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Page>
  );
}
