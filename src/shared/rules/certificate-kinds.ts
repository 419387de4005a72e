import { addCivilYears } from '../language/civil-date.ts';
import { civilDateAt, startOfCivilDateAtMs } from '../language/dates.ts';
import { isCertificateLive } from './certificate-states.ts';
import type { RuleParams } from './rule-codes.ts';
import type { Category, CertificateKind, CertificateState, MobileOperator, Purpose, SigningKind, SimServiceType } from './vocabulary.ts';
import type { ApplicationData, Organisation } from './application-data.ts';

/**
 * Which signing kinds go on which SIM: `required` ones must be there in the end, `allowed` ones may be.
 * Source: procedures.md §3.4 compatibility table, CR-22..CR-24, C-36, C-38
 */
export const kindsOfSim: Readonly<
  Record<SimServiceType, { readonly allowed: readonly SigningKind[]; readonly required: readonly SigningKind[] }>
> = {
  personal: { allowed: ['PER'], required: ['PER'] },
  business: { allowed: ['PER', 'BUS'], required: ['PER'] },
  state: { allowed: ['PER', 'STA'], required: ['PER', 'STA'] },
};

/** Which signing kinds a category may ask for. Source: CT-PER, CT-BUS, CT-STA, procedures.md §4.1 */
export const kindsOfCategory: Readonly<Record<Category, readonly SigningKind[]>> = {
  K1: ['PER'],
  K1b: ['PER', 'BUS'],
  K2: ['PER', 'BUS'],
  K3: ['PER', 'BUS'],
  K4: ['PER', 'BUS'],
  K5: ['PER', 'STA'],
  K6: ['PER', 'STA'],
};

/** Bodies whose heads and staff get a State certificate. Source: CT-STA, T §6.5 */
const stateBodyKinds: readonly Organisation['bodyKind'][] = [
  'administrative_body',
  'budget_financed',
  'judiciary',
  'prosecution',
  'municipality',
];

/** Who is the head by category and who is an employee. Source: procedures.md §4.1, CR-25 */
const standingOfCategory: Readonly<Record<Category, Organisation['standing']>> = {
  K1: '',
  K1b: '',
  K2: 'employee',
  K3: 'head',
  K4: 'employee',
  K5: 'head',
  K6: 'employee',
};

/** One line of the override list: services activated before a day may carry more kinds. Source: C-36 */
export type ServiceOverride = {
  readonly operator: MobileOperator;
  readonly serviceType: SimServiceType;
  readonly activatedBeforeOn: string;
  readonly allows: SigningKind;
};

/** Nar's Personal service could carry Business until 20 June 2020. Source: C-36; azerbaijan.md §9 */
export const serviceOverrides: readonly ServiceOverride[] = [
  { operator: 'nar', serviceType: 'personal', activatedBeforeOn: '2020-06-20', allows: 'BUS' },
];

export type ExistingCertificate = {
  readonly kind: CertificateKind;
  readonly state: CertificateState;
  readonly voen: string;
  /** Whose it is, where the SIM's answer says so. */
  readonly holderFin?: string;
};

export type KindsRequest = {
  readonly requested: readonly SigningKind[];
  readonly purpose: Purpose;
  readonly category: Category;
  readonly standing: Organisation['standing'];
  readonly bodyKind: Organisation['bodyKind'];
  readonly voen: string;
  readonly serviceType: SimServiceType;
  readonly existing: readonly ExistingCertificate[];
  readonly fin?: string;
  readonly operator?: string;
  /** The day the operator opened the service; empty or absent when he does not say it. Source: C-36 */
  readonly serviceActivatedOn?: string;
  /** Both or neither: the end of the SIM's service term and the day of the check. Source: C-37 */
  readonly serviceUntilOn?: string;
  readonly todayOn?: string;
};

export type KindRefusalCode =
  | 'M-11'
  | 'M-28'
  | 'M-29'
  | 'KIND_MISSING'
  | 'KIND_NOT_FOR_CATEGORY'
  | 'KIND_NOT_FOR_BODY'
  | 'BUSINESS_NOT_STATE'
  | 'STANDING_NOT_FOR_CATEGORY'
  | 'KIND_EXISTS_FOR_ORGANISATION'
  | 'SIM_OF_ANOTHER_HOLDER'
  | 'SERVICE_TERM_ENDED'
  | 'ONE_KIND_ON_CARD'
  | 'M-39';

export type KindRefusal = { readonly code: KindRefusalCode; readonly params: RuleParams };
export type KindNote = { readonly code: 'M-30' | 'BUSINESS_BY_OLD_SERVICE'; readonly params: RuleParams };

export type KindsDecision =
  | { readonly ok: true; readonly issue: CertificateKind[]; readonly notes: KindNote[] }
  | { readonly ok: false; readonly refusals: KindRefusal[] };

/**
 * Which certificates a case would issue, or everything that stands against it. Revoked and expired certificates do not count. A duplicate
 * SIM is judged as an empty carrier: what the replaced card bore does not stand against it, and is carried over by the registry.
 * Source: CR-21..CR-27, procedures.md §3.4, C-36, C-38
 */
export function decideKinds(request: KindsRequest): KindsDecision {
  const requested = [...new Set(request.requested)];
  const live = request.purpose === 'sim_replacement' ? [] : request.existing.filter((each) => isCertificateLive(each.state));
  const hasPersonal = live.some((each) => each.kind === 'PER');
  const isPersonalAdded = !hasPersonal && !requested.includes('PER');
  const issued: SigningKind[] = isPersonalAdded ? ['PER', ...requested] : requested;

  const refusals = [
    ...listRequestRefusals(request, requested),
    ...listSimRefusals(request, requested, live),
    ...listExistingRefusals(request, requested, live),
  ];
  if (refusals.length > 0) return { ok: false, refusals };

  const order: readonly SigningKind[] = ['PER', 'BUS', 'STA'];
  const signing = order.filter((kind) => issued.includes(kind));
  const hasAuthentication = live.some((each) => each.kind === 'AUT');
  return {
    ok: true,
    issue: hasAuthentication ? signing : ['AUT', ...signing],
    notes: [...(isPersonalAdded ? [{ code: 'M-30', params: {} } as const] : []), ...listOverrideNotes(request, requested)],
  };
}

/**
 * The certificates of an Asan ID: authentication and exactly one signing certificate. Nothing is added by itself, because CR-21 speaks of the SIM.
 * The right to the kind is the contracting body's word: on paper, or for these kinds by its service. Source: CR-28, CR-29, AID-10, M-39
 */
export function decideCardKinds(
  data: Pick<ApplicationData, 'kinds' | 'category' | 'organisation' | 'carrier'>,
  entitlement: { readonly kinds: readonly SigningKind[] } | null,
): KindsDecision {
  const requested = [...new Set(data.kinds)];
  const { standing, bodyKind } = data.organisation;
  const refusals = listRequestRefusals({ category: data.category, standing, bodyKind }, requested);
  if (requested.length > 1) refusals.push(refusal('ONE_KIND_ON_CARD'));
  const isEntitled = data.carrier.entitlement === 'document' || requested.every((kind) => entitlement?.kinds.includes(kind));
  if (!isEntitled) refusals.push(refusal('M-39'));
  return refusals.length > 0 ? { ok: false, refusals } : { ok: true, issue: ['AUT', ...requested], notes: [] };
}

/** What stands against the request itself: its category, its body, the standing of the person. */
function listRequestRefusals(
  request: Pick<KindsRequest, 'category' | 'standing' | 'bodyKind'>,
  requested: readonly SigningKind[],
): KindRefusal[] {
  const { category, bodyKind, standing } = request;
  if (requested.length === 0) return [refusal('KIND_MISSING')];
  const refusals: KindRefusal[] = [];
  const isSelfFinancing = bodyKind === 'self_financing_subordinate';
  for (const kind of requested) {
    // CR-26: such a body's staff come as K5 or K6 and get Business instead of State.
    const isBusinessInsteadOfState = kind === 'BUS' && isSelfFinancing && isOfStateBody(category);
    if (kind === 'STA' && isSelfFinancing) refusals.push(refusal('BUSINESS_NOT_STATE'));
    else if (!kindsOfCategory[category].includes(kind) && !isBusinessInsteadOfState)
      refusals.push(refusal('KIND_NOT_FOR_CATEGORY', { category, kind }));
    else if (!doesBodyFit(kind, bodyKind)) refusals.push(refusal('KIND_NOT_FOR_BODY', { kind, bodyKind }));
  }
  const expected = standingOfCategory[category];
  if (expected !== '' && standing !== '' && standing !== expected)
    refusals.push(refusal('STANDING_NOT_FOR_CATEGORY', { category, standing }));
  return refusals;
}

function isOfStateBody(category: Category): boolean {
  return category === 'K5' || category === 'K6';
}

function doesBodyFit(kind: SigningKind, bodyKind: Organisation['bodyKind']): boolean {
  if (kind === 'STA') return stateBodyKinds.includes(bodyKind);
  return kind === 'PER' || !stateBodyKinds.includes(bodyKind);
}

/** What stands against it by the service that the operator opened. Source: CR-27, CR-30 */
function listSimRefusals(request: KindsRequest, requested: readonly SigningKind[], live: readonly ExistingCertificate[]): KindRefusal[] {
  const { serviceType, serviceUntilOn, todayOn } = request;
  const refusals: KindRefusal[] = [];
  const misfit = requested.some((kind) => !isAllowedOnSim(request, kind));
  const missing = kindsOfSim[serviceType].required.some(
    (kind) => kind !== 'PER' && !requested.includes(kind) && !live.some((each) => each.kind === kind),
  );
  if (misfit || (missing && requested.length > 0)) refusals.push(refusal('M-11', { tip: serviceType }));
  if (serviceUntilOn !== undefined && todayOn !== undefined && serviceUntilOn < todayOn)
    refusals.push(refusal('SERVICE_TERM_ENDED', { on: serviceUntilOn }));
  return refusals;
}

function isAllowedOnSim(request: KindsRequest, kind: SigningKind): boolean {
  return kindsOfSim[request.serviceType].allowed.includes(kind) || findOverride(request, kind) !== undefined;
}

/** A kind that the service type itself does not carry and an older contract does is said with both days. Source: C-36 */
function listOverrideNotes(request: KindsRequest, requested: readonly SigningKind[]): KindNote[] {
  return requested.flatMap((kind): KindNote[] => {
    const override = kindsOfSim[request.serviceType].allowed.includes(kind) ? undefined : findOverride(request, kind);
    if (override === undefined) return [];
    const { operator, activatedBeforeOn } = override;
    return [{ code: 'BUSINESS_BY_OLD_SERVICE', params: { operator, on: request.serviceActivatedOn ?? '', before: activatedBeforeOn } }];
  });
}

/** Nothing is overridden for a service whose day is not known. Source: C-36 */
function findOverride(request: KindsRequest, kind: SigningKind): ServiceOverride | undefined {
  const { serviceActivatedOn } = request;
  if (serviceActivatedOn === undefined || serviceActivatedOn === '') return undefined;
  return serviceOverrides.find(
    (override) =>
      override.operator === request.operator &&
      override.serviceType === request.serviceType &&
      override.allows === kind &&
      serviceActivatedOn < override.activatedBeforeOn,
  );
}

/** What stands against it by the certificates that live on the SIM. Source: CR-22..CR-24, M-28, M-29 */
function listExistingRefusals(
  request: KindsRequest,
  requested: readonly SigningKind[],
  live: readonly ExistingCertificate[],
): KindRefusal[] {
  const refusals: KindRefusal[] = [];
  const { fin } = request;
  if (fin !== undefined && live.some((each) => each.holderFin !== undefined && each.holderFin !== fin))
    refusals.push(refusal('SIM_OF_ANOTHER_HOLDER'));
  const together = new Set<CertificateKind>([...requested, ...live.map((each) => each.kind)]);
  const asksForEither = requested.includes('BUS') || requested.includes('STA');
  if (asksForEither && together.has('BUS') && together.has('STA')) refusals.push(refusal('M-28'));
  if (requested.includes('PER') && live.some((each) => each.kind === 'PER')) refusals.push(refusal('M-29'));
  for (const kind of requested) {
    if (kind !== 'PER' && live.some((each) => each.kind === kind && each.voen === request.voen)) {
      refusals.push(refusal('KIND_EXISTS_FOR_ORGANISATION', { kind, voen: request.voen }));
    }
  }
  return refusals;
}

function refusal(code: KindRefusalCode, params: RuleParams = {}): KindRefusal {
  return { code, params };
}

/** Does the case need the taxpayer register? Source: SIM-09, COM-05 */
export function needsOrganisationCheck(kinds: readonly SigningKind[]): boolean {
  return kinds.includes('BUS') || kinds.includes('STA');
}

/** A paper is printed for each signing certificate, none for authentication. Source: SIM-15, CT-AUT */
export function isPrintedOnPaper(kind: CertificateKind): boolean {
  return kind !== 'AUT';
}

/** Source: CR-20 */
export const validityYears = 3;

export type ValidityRule = 'three_years' | 'sim_service_term';

/**
 * The last moment of a certificate that begins at `startMs`: three years later by the wall clock in Baku, or the last second in Baku of
 * the day on which the SIM's service ends, whichever comes first. Time under suspension has no part in it.
 * Source: CR-20, CR-31, C-37
 */
export function decideValidity(startMs: number, serviceUntilOn: string): { readonly notAfterMs: number; readonly rule: ValidityRule } {
  const startOn = civilDateAt(startMs);
  const sinceMidnightMs = startMs - startOfCivilDateAtMs(startOn);
  const threeYearsMs = startOfCivilDateAtMs(addCivilYears(startOn, validityYears)) + sinceMidnightMs;
  const serviceEndMs = startOfCivilDateAtMs(serviceUntilOn) + dayMs - 1000;
  return serviceEndMs < threeYearsMs
    ? { notAfterMs: serviceEndMs, rule: 'sim_service_term' }
    : { notAfterMs: threeYearsMs, rule: 'three_years' };
}

const dayMs = 24 * 60 * 60 * 1000;

/**
 * Keys of the sentences that say what a certificate of this kind permits; help and the contract print them in this order.
 * Source: CR-40..CR-42
 */
export function listPermittedUses(kind: CertificateKind, category: Category): string[] {
  switch (kind) {
    case 'AUT':
      return ['use.AUT.sign_in'];
    case 'PER':
      return ['use.PER.own_acts', 'use.PER.online_registration', 'use.PER.own_voen'];
    case 'BUS':
      return [usesOfBusiness[category]];
    case 'STA':
      return [category === 'K6' ? 'use.STA.employee_of_body' : 'use.STA.head_of_body'];
  }
}

/** Staff of self-financing bodies come as K5 or K6 and get Business. Source: CR-26, CR-41 */
const usesOfBusiness: Readonly<Record<Category, string>> = {
  K1: 'use.BUS.individual_taxpayer',
  K1b: 'use.BUS.individual_taxpayer',
  K2: 'use.BUS.employee_of_individual',
  K3: 'use.BUS.head_of_legal_entity',
  K4: 'use.BUS.employee_of_legal_entity',
  K5: 'use.BUS.head_of_legal_entity',
  K6: 'use.BUS.employee_of_legal_entity',
};
