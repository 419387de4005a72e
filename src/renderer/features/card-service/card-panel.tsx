import { Link } from '@tanstack/react-router';
import type { CardCertificateView, ReaderCardView, ReaderView } from '../../../shared/contract/card.ts';
import { isLastTry } from '../../../shared/rules/card-service.ts';
import { formatDateTime } from '../../app/format.ts';
import { useMay } from '../../app/session.ts';
import { useTexts, type Texts } from '../../app/text.ts';
import { Note, Signal, type Tone } from '../../ui/signal.tsx';

/** Everything the card says of itself, and what the registry says of its certificates; spoken when another card is chosen. */
export function CardPanel({ reader, card }: { readonly reader: ReaderView; readonly card: ReaderCardView }) {
  const texts = useTexts();
  const { t } = texts;
  const may = useMay();
  const kind = t(card.profile === 'asan_id' ? 'cards.ourCard' : 'cards.otherCard');
  const facts = [
    [t('cards.kind'), kind],
    [t('cards.life'), card.profile === 'asan_id' ? t(`cards.life.${card.life}`) : ''],
    [t('cards.cardSerial'), card.cardSerial],
    [t('cards.chipSerial'), card.chipSerialHex],
    [t('cards.atr'), card.atrHex],
  ].filter(([, value]) => value !== '');
  return (
    <section className="panel col" aria-label={`${kind} ${card.cardSerial}`} aria-live="polite">
      <Warnings card={card} />
      {reader.hasPinPad && <p className="quiet">{t('cards.pinPad')}</p>}
      <table className="plain facts" aria-label={t('cards.content')}>
        <tbody>
          {facts.map(([head, value], index) => (
            <tr key={head}>
              <th scope="row">{head}</th>
              <td className={index > 1 ? 'mono' : ''}>{value}</td>
            </tr>
          ))}
          {card.tries !== null && (
            <tr>
              <th scope="row">{t('cards.tries')}</th>
              <td className="num">
                {t('cards.triesOf', { pin1: card.tries.pin1, pin2: card.tries.pin2, puk: `${card.tries.puk1} / ${card.tries.puk2}` })}
              </td>
            </tr>
          )}
        </tbody>
      </table>
      {card.certificates.length > 0 && <Certificates certificates={card.certificates} />}
      {card.applicationId !== null && may('application.view') && (
        <p>
          <Link to="/applications/$applicationId" params={{ applicationId: card.applicationId }}>
            {t('cards.case')}
          </Link>
        </p>
      )}
    </section>
  );
}

/** What is blocked, and what one more wrong code would block. Source: CR-05, T-10 */
function Warnings({ card: { tries } }: { readonly card: ReaderCardView }) {
  const { t } = useTexts();
  if (tries === null) return null;
  const named = [
    ['PIN1', tries.pin1, tries.puk1],
    ['PIN2', tries.pin2, tries.puk2],
  ] as const;
  const blocked = named.filter(([, left]) => left === 0).map(([name]) => name);
  const last = named.filter(([, left]) => isLastTry(left)).map(([name]) => name);
  const isPukLast = named.some(([, left, puk]) => left === 0 && isLastTry(puk));
  return (
    <>
      {blocked.length > 0 && <Note tone="stop">{t('cards.blockedPins', { pins: blocked.join(', ') })}</Note>}
      {last.length > 0 && <Note tone="attention">{t('cards.lastTry', { pins: last.join(', ') })}</Note>}
      {isPukLast && <Note tone="attention">{t('cards.lastPuk')}</Note>}
    </>
  );
}

function Certificates({ certificates }: { readonly certificates: readonly CardCertificateView[] }) {
  const texts = useTexts();
  const { t } = texts;
  return (
    <table className="plain" aria-label={t('cards.certificates')}>
      <thead>
        <tr>
          <th>{t('cards.purpose')}</th>
          <th>{t('cards.holder')}</th>
          <th>{t('cards.validity')}</th>
          <th>{t('cards.status')}</th>
          <th>{t('cards.serial')}</th>
        </tr>
      </thead>
      <tbody>
        {certificates.map((each) => (
          <tr key={each.key}>
            <td>{t(`cards.key.${each.key}`)}</td>
            <td>{each.holder}</td>
            <td className="num">
              {t('cards.validFromTo', { from: formatDateTime(each.notBeforeMs), to: formatDateTime(each.notAfterMs) })}
            </td>
            <td>
              <Signal tone={toneOf(each)}>{sayStatus(texts, each)}</Signal>
            </td>
            <td className="mono small">{each.serial}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function toneOf({ status }: CardCertificateView): Tone {
  if (status.source === 'unknown') return 'neutral';
  if (status.state === 'ACTIVE') return status.source === 'registry' ? 'good' : 'wait';
  return status.state === null || status.state.startsWith('REVOKED') ? 'stop' : 'attention';
}

function sayStatus({ t }: Texts, { status }: CardCertificateView): string {
  if (status.source === 'unknown') return t('cards.status.unknown');
  if (status.state === null) return t('cards.status.foreign');
  const state = t(`states.${status.state}`);
  return status.source === 'registry' ? state : t('cards.status.remembered', { state, at: formatDateTime(status.atMs ?? 0) });
}
