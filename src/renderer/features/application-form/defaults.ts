import type { ApplicationData, PowerOfAttorney } from '../../../shared/rules/application-data.ts';
import { powerOfAttorneySchema } from '../../../shared/rules/application-data.ts';
import { powerFormsNeeded } from '../../../shared/rules/power-of-attorney.ts';
import type { Category, MobileOperator, SigningKind } from '../../../shared/rules/vocabulary.ts';

/** A number may have moved to another operator, so the prefix only proposes one; the operator's own answer is compared later. */
const operatorOfPrefix: Readonly<Record<string, MobileOperator>> = {
  '10': 'azercell',
  '50': 'azercell',
  '51': 'azercell',
  '55': 'bakcell',
  '99': 'bakcell',
  '70': 'nar',
  '77': 'nar',
};

const kindsOfNewCategory: Readonly<Record<Category, readonly SigningKind[]>> = {
  K1: ['PER'],
  K1b: ['BUS'],
  K2: ['BUS'],
  K3: ['BUS'],
  K4: ['BUS'],
  K5: ['STA'],
  K6: ['STA'],
};
const standingOfCategory: Readonly<Record<Category, ApplicationData['organisation']['standing']>> = {
  K1: '',
  K1b: '',
  K2: 'employee',
  K3: 'head',
  K4: 'employee',
  K5: 'head',
  K6: 'employee',
};

/**
 * What follows from a change as long as nobody said otherwise: the contact phone is the number of the SIM, the operator is proposed by the
 * prefix, a category brings its kinds, a needed power of attorney gets its place and its two sides. A value that was typed is never changed.
 */
export function followDefaults(before: ApplicationData, after: ApplicationData): ApplicationData {
  let data = after;
  if (data.category !== before.category) {
    data = {
      ...data,
      kinds: [...kindsOfNewCategory[data.category]],
      organisation: { ...data.organisation, standing: standingOfCategory[data.category] },
    };
  }
  // A card has one signing certificate. Source: CR-28
  if (data.carrier.kind === 'asan_id' && before.carrier.kind === 'sim' && data.kinds.length > 1)
    data = { ...data, kinds: [data.kinds.find((kind) => kind !== 'PER') ?? 'PER'] };
  if (data.contact.phone === '' || (data.contact.phone === before.carrier.phone && before.contact.phone === before.carrier.phone)) {
    data = { ...data, contact: { ...data.contact, phone: data.carrier.phone } };
  }
  const proposed = operatorOfPrefix[/^\+994(\d{2})\d{7}$/u.exec(data.carrier.phone)?.[1] ?? ''];
  if (data.carrier.operator === '' && proposed !== undefined) data = { ...data, carrier: { ...data.carrier, operator: proposed } };
  return withPowers(before, data);
}

function withPowers(before: ApplicationData, data: ApplicationData): ApplicationData {
  const needed = powerFormsNeeded(data);
  const missing = needed.filter((form) => !data.powersOfAttorney.some((power) => power.form === form));
  // One that is not needed any more and was never filled in goes away by itself.
  const kept = data.powersOfAttorney.filter((power) => needed.includes(power.form) || power.number !== '' || power.issuedOn !== '');
  const added = missing.map((form) => powerOfAttorneySchema.parse({ form, country: 'AZE' }));
  const all = [...kept, ...added].map((power) => withSides(power, before, data));
  const isSame = all.length === data.powersOfAttorney.length && all.every((power, index) => power === data.powersOfAttorney[index]);
  return isSame ? data : { ...data, powersOfAttorney: all };
}

/** Əlavə 7: employer to applicant; Əlavə 8: applicant to representative. */
function withSides(power: PowerOfAttorney, before: ApplicationData, data: ApplicationData): PowerOfAttorney {
  if (power.form === 'appendix-9') return power;
  const side = (from: ApplicationData): readonly [string, string] =>
    power.form === 'appendix-7' ? [from.organisation.voen, from.person.fin] : [from.person.fin, from.representative.person.fin];
  const [oldGrantor, oldGrantee] = side(before);
  const [newGrantor, newGrantee] = side(data);
  const grantor = power.grantor === '' || power.grantor === oldGrantor ? newGrantor : power.grantor;
  const grantee = power.grantee === '' || power.grantee === oldGrantee ? newGrantee : power.grantee;
  return grantor === power.grantor && grantee === power.grantee ? power : { ...power, grantor, grantee };
}

/** What a registrar types after the printed +994, in the stored form as soon as it is one. */
export function phoneFromTyped(typed: string): string {
  const compact = typed.replace(/[\s().-]+/gu, '');
  if (compact === '') return '';
  if (/^\+/u.test(compact)) return compact;
  if (/^(?:00)?994\d{9}$/u.test(compact)) return `+${compact.replace(/^00/u, '')}`;
  if (/^0\d{9}$/u.test(compact)) return `+994${compact.slice(1)}`;
  return /^[1-9]\d*$/u.test(compact) ? `+994${compact}` : compact;
}
/** What stands in the field after the printed +994. */
export function typedOfPhone(phone: string): string {
  return phone.startsWith('+994') ? phone.slice(4) : phone;
}
