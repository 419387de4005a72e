import type { ApplicationData, PowerOfAttorney } from './application-data.ts';
import { isSignedAbroad } from './power-of-attorney.ts';

type Condition = (data: ApplicationData) => boolean;

const isSim: Condition = (data) => data.carrier.kind === 'sim';
const isForOrganisation: Condition = (data) => data.category !== 'K1';
const isForStateBody: Condition = (data) => data.category === 'K5' || data.category === 'K6';

/**
 * When a field is on the form. Every path not listed is always there; a listed group covers the fields below it. A field that is not needed
 * is neither shown nor checked, whatever was typed in it before the category changed.
 * Source: SIM-07; Əlavə 1 blocks of azerbaijan.md §11
 */
const conditions: Readonly<Record<string, Condition>> = {
  'document.judgeCardNumber': (data) => data.document.kind === 'judge',
  'document.validUntilOn': (data) => !data.document.isUnlimited,
  'carrier.kind': () => true,
  'carrier.entitlement': (data) => !isSim(data),
  carrier: isSim,
  'carrier.corporateVoen': (data) => isSim(data) && data.carrier.isCorporate,
  // One more kind, and a new card of the same number, are matters of a SIM.
  purpose: isSim,
  organisation: isForOrganisation,
  'organisation.position': (data) => isForOrganisation(data) && data.category !== 'K1b',
  'organisation.unit': (data) => isForOrganisation(data) && data.category !== 'K1b',
  // The category says who is the head; the field stands where the register of heads is compared with it.
  'organisation.standing': (data) => isForOrganisation(data) && data.category !== 'K1b',
  'organisation.bodyKind': isForStateBody,
  'organisation.sealText': (data) => isForOrganisation(data) && data.organisation.hasSealAuthority,
  'representative.person': (data) => data.representative.isPresent,
  'representative.document': (data) => data.representative.isPresent,
  'representative.document.judgeCardNumber': (data) => data.representative.isPresent && data.representative.document.kind === 'judge',
  'representative.document.validUntilOn': (data) => data.representative.isPresent && !data.representative.document.isUnlimited,
  powersOfAttorney: (data) =>
    data.powersOfAttorney.length > 0 || data.representative.isPresent || ['K2', 'K4', 'K6'].includes(data.category),
};

const powerConditions: Readonly<Record<string, (power: PowerOfAttorney) => boolean>> = {
  notaryName: (power) => power.certification === 'notarised',
  notaryRegisterNumber: (power) => power.certification === 'notarised',
  legalisation: isSignedAbroad,
  legalisationNumber: (power) => isSignedAbroad(power) && isLegalisationNumbered(power),
  legalisationOn: (power) => isSignedAbroad(power) && isLegalisationNumbered(power),
  legalisationReason: (power) => isSignedAbroad(power) && power.legalisation === 'not_required',
  signs: (power) => power.form === 'appendix-8',
};

function isLegalisationNumbered(power: PowerOfAttorney): boolean {
  return power.legalisation === 'legalised' || power.legalisation === 'apostille';
}

/** Is the field of this dotted path on the form for what is typed so far? `powersOfAttorney.0.notaryName` names one paper's field. */
export function isFieldNeeded(path: string, data: ApplicationData): boolean {
  const power = /^powersOfAttorney\.(\d+)\.(\w+)$/u.exec(path);
  if (power !== null) {
    const paper = data.powersOfAttorney[Number(power[1])];
    return paper !== undefined && (powerConditions[power[2] ?? '']?.(paper) ?? true);
  }
  const parts = path.split('.');
  for (let length = parts.length; length > 0; length -= 1) {
    const condition = conditions[parts.slice(0, length).join('.')];
    if (condition !== undefined) return condition(data);
  }
  return true;
}
