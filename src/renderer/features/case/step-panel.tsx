import type { ApplicationView } from '../../../shared/contract/application.ts';
import { formatDateTime, groupCode } from '../../app/format.ts';
import { printedFullName } from '../../../shared/rules/names.ts';
import { sayCode } from '../../app/say.ts';
import { useTexts } from '../../app/text.ts';
import { Note, Signal } from '../../ui/signal.tsx';
import { ActivationStep, SendStep, UnknownOutcome } from './activation-step.tsx';
import { CardCheckStep } from './card-check-step.tsx';
import { AcceptanceStep, CardStatus } from './card-status.tsx';
import { AttendeePanel } from './attendee-panel.tsx';
import { ContractStep } from './contract-step.tsx';
import { EndedPanel } from './ended-panel.tsx';
import { ArchiveStep, HandOverStep } from './hand-over-step.tsx';
import { HolderStep } from './holder-step.tsx';
import { PaperFlow } from './paper-flow.tsx';
import { PassportAllowance } from './passport-allowance.tsx';
import { PhotoPanel } from './photo-panel.tsx';
import { ScansStep } from './scans-step.tsx';

type StepCode = ApplicationView['steps'][number]['code'];
interface Props {
  readonly view: ApplicationView;
  readonly step: StepCode | null;
  readonly onMoved: () => void;
}

/** The middle of the case page: the one thing to do now. */
export function StepPanel({ view, step, onMoved }: Props) {
  const texts = useTexts();
  const { t } = texts;
  if (view.state === 'REFUSED' || view.state === 'WITHDRAWN') return <EndedPanel view={view} />;
  if (step === null) {
    return (
      <>
        <h2>{t(`states.${view.state}`)}</h2>
        <p>{t(view.state === 'ARCHIVED' ? 'case.allDone' : 'case.nothingToDo')}</p>
        <PassportAllowance view={view} />
        <Certificates view={view} />
      </>
    );
  }
  // A lost answer comes before everything else of its step, even while nobody can be asked.
  if ((view.sync === 'unknown' && (step === 'send' || step === 'activation')) || (step === 'send' && view.state === 'SENT')) {
    return (
      <>
        <h2>{t(`case.step.${step}`)}</h2>
        <UnknownOutcome view={view} />
        {step === 'activation' && <Certificates view={view} />}
      </>
    );
  }
  const { reason, status } = view.steps.find((one) => one.code === step) ?? { reason: null, status: 'possible' as const };
  return (
    <>
      <h2>{t(`case.step.${step}`)}</h2>
      {step === 'identity' && <PassportAllowance view={view} />}
      <AttendeePanel view={view} step={step} />
      {reason !== null && reason.code !== 'CARD_UNDER_WAY' && <Note tone="wait">{sayCode(texts, reason.code, reason.params)}</Note>}
      {/* Scans are taken at any time of the case; only their sending waits for the hand-over. */}
      {(status !== 'unavailable' || reason?.code === 'NOT_HANDED_OVER' || step === 'card') && (
        <StepBody view={view} step={step} onMoved={onMoved} />
      )}
      {status === 'unavailable' && step === 'activation' && <Certificates view={view} />}
    </>
  );
}

function StepBody({ view, step, onMoved }: { readonly view: ApplicationView; readonly step: StepCode; readonly onMoved: () => void }) {
  const { t } = useTexts();
  switch (step) {
    case 'identity':
    case 'form':
    case 'person':
    case 'representative':
    case 'organisation':
    case 'sim':
    case 'entitlement':
      return <EntrySummary view={view} />;
    case 'photo':
      return <PhotoPanel view={view} />;
    case 'send':
      return <SendStep view={view} />;
    case 'acceptance':
      return <AcceptanceStep view={view} onMoved={onMoved} />;
    case 'card':
      return <CardStatus view={view} />;
    case 'holder':
      return <HolderStep view={view} onMoved={onMoved} />;
    case 'card_check':
      return <CardCheckStep view={view} onMoved={onMoved} />;
    case 'contract':
      return <ContractStep view={view} onMoved={onMoved} />;
    case 'certificate_paper': {
      const serials = view.certificates.filter((one) => one.kind !== 'AUT').map((one) => one.serial);
      return <PaperFlow view={view} form="F-20" serials={serials} onDone={onMoved} />;
    }
    case 'activation':
      return (
        <>
          <ActivationStep view={view} />
          <Certificates view={view} />
        </>
      );
    case 'notice':
      return (
        <>
          {view.userId !== '' && (
            <p>
              {t('case.userId')} <strong className="mono">{view.userId}</strong>
            </p>
          )}
          <PaperFlow view={view} form="appendix-10" serials={['']} onDone={onMoved} />
        </>
      );
    case 'hand_over':
      return <HandOverStep view={view} />;
    case 'scans':
      return <ScansStep view={view} />;
    case 'archive':
      return <ArchiveStep view={view} />;
  }
}

/** What was sent, for reading: the papers and the registers stand behind it. */
function EntrySummary({ view }: { readonly view: ApplicationView }) {
  const { t, find } = useTexts();
  const { person, document, carrier, contact, organisation, representative } = view.data;
  const lines: readonly (readonly [string, string])[] = [
    ['person.fin', person.fin],
    ['person.surname', person.surname],
    ['person.givenName', person.givenName],
    ['person.fatherName', person.fatherName],
    ['document.number', document.number],
    ['contact.registeredAddress', contact.registeredAddress],
    ['carrier.phone', carrier.phone],
    ['carrier.iccid', carrier.iccid],
    ['organisation.voen', organisation.voen],
    ['organisation.name', organisation.name],
    ['representative.isPresent', representative.isPresent ? printedFullName(representative.person) : ''],
  ];
  return (
    <>
      <table className="plain">
        <tbody>
          {lines
            .filter(([, value]) => value !== '')
            .map(([path, value]) => (
              <tr key={path}>
                <th scope="row">{find(`form.label.${path}`)}</th>
                <td>{value}</td>
              </tr>
            ))}
        </tbody>
      </table>
      {view.lookUps.map((lookUp) => (
        <p key={`${lookUp.kind}-${String(lookUp.atMs)}`} className="small">
          {t(`form.lookUp.${lookUp.kind}`)} · {lookUp.system} · {formatDateTime(lookUp.atMs, 'seconds')} ·{' '}
          {t(`form.outcome.${lookUp.outcome}`)} · <span className="mono quiet">SHA-256 {lookUp.answerSha256.slice(0, 16)}</span>
        </p>
      ))}
    </>
  );
}

export function Certificates({ view }: { readonly view: ApplicationView }) {
  const { t } = useTexts();
  if (view.certificates.length === 0) return null;
  return (
    <table className="plain" aria-label={t('case.certificates')}>
      <thead>
        <tr>
          <th>{t('case.kind')}</th>
          <th>{t('case.serial')}</th>
          <th>{t('case.validity')}</th>
          <th>{t('case.state')}</th>
        </tr>
      </thead>
      <tbody>
        {view.certificates.map((one) => (
          <tr key={one.serial}>
            <td>{t(`terms.certificate.${one.kind}`)}</td>
            <td className="mono">{groupCode(one.serial)}</td>
            <td className="num">
              {formatDateTime(one.notBeforeMs)} – {formatDateTime(one.notAfterMs)}
              <div className="quiet small">{t(`case.validityRule.${one.validityRule}`)}</div>
            </td>
            <td>
              <Signal tone={one.state === 'ACTIVE' ? 'good' : 'neutral'}>{t(`states.${one.state}`)}</Signal>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
