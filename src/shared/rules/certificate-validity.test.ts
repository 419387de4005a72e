import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { civilDateAt, startOfCivilDateAtMs } from '../language/dates.ts';
import { decideValidity, isPrintedOnPaper, listPermittedUses, needsOrganisationCheck, validityYears } from './certificate-kinds.ts';

describe('validity', () => {
  const start = Date.parse('2026-03-02T06:30:15Z');

  it('CR-20 T-02 C-37: three years when the service lasts longer', () => {
    expect(decideValidity(start, '2030-01-01')).toEqual({ notAfterMs: Date.parse('2029-03-02T06:30:15Z'), rule: 'three_years' });
    expect(validityYears).toBe(3);
  });

  it('C-37: the last second in Baku of the day on which the service ends, when that is earlier', () => {
    expect(decideValidity(start, '2027-09-07')).toEqual({ notAfterMs: Date.parse('2027-09-07T19:59:59Z'), rule: 'sim_service_term' });
  });

  it('C-37: on the very day of the third year the earlier of the two decides', () => {
    expect(decideValidity(start, '2029-03-02').rule).toBe('three_years');
    expect(decideValidity(start, '2029-03-01')).toEqual({ notAfterMs: Date.parse('2029-03-01T19:59:59Z'), rule: 'sim_service_term' });
    const lastSecond = Date.parse('2026-03-02T19:59:59Z');
    expect(decideValidity(lastSecond, '2029-03-02')).toEqual({ notAfterMs: Date.parse('2029-03-02T19:59:59Z'), rule: 'three_years' });
  });

  it('CR-20: three years from 29 February end on 28 February', () => {
    expect(decideValidity(Date.parse('2028-02-29T08:00:00Z'), '2040-01-01').notAfterMs).toBe(Date.parse('2031-02-28T08:00:00Z'));
  });

  it('CR-20: the day is the one in Baku, not in Greenwich', () => {
    // 00:30 on 1 March in Baku of a year after a leap year's end.
    expect(decideValidity(Date.parse('2028-02-28T20:30:00Z'), '2040-01-01').notAfterMs).toBe(Date.parse('2031-02-27T20:30:00Z'));
  });

  it('C-37: the end is never later than either bound, and equal to one of them', () => {
    const starts = fc.integer({ min: Date.parse('2017-01-01T00:00:00Z'), max: Date.parse('2040-01-01T00:00:00Z') });
    const days = fc.integer({ min: 0, max: 2000 });
    fc.assert(
      fc.property(starts, days, (startMs, plusDays) => {
        const serviceUntilOn = civilDateAt(startMs + plusDays * 86_400_000);
        const { notAfterMs, rule } = decideValidity(startMs, serviceUntilOn);
        const serviceEndMs = startOfCivilDateAtMs(serviceUntilOn) + 86_400_000 - 1000;
        expect(notAfterMs).toBeLessThanOrEqual(serviceEndMs);
        expect(notAfterMs - startMs).toBeLessThanOrEqual(1096 * 86_400_000);
        if (rule === 'sim_service_term') expect(notAfterMs).toBe(serviceEndMs);
        else expect(Math.round((notAfterMs - startMs) / 86_400_000)).toBeGreaterThanOrEqual(1095);
      }),
    );
  });
});

describe('what a certificate permits', () => {
  it('CR-40: Personal permits own acts, online registration and the own VÖEN', () => {
    expect(listPermittedUses('PER', 'K3')).toEqual(['use.PER.own_acts', 'use.PER.online_registration', 'use.PER.own_voen']);
  });

  it.each([
    ['K1b', 'use.BUS.individual_taxpayer'],
    ['K2', 'use.BUS.employee_of_individual'],
    ['K3', 'use.BUS.head_of_legal_entity'],
    ['K4', 'use.BUS.employee_of_legal_entity'],
    ['K5', 'use.BUS.head_of_legal_entity'],
    ['K6', 'use.BUS.employee_of_legal_entity'],
  ] as const)('CR-41: Business of %s permits %s', (category, key) => {
    expect(listPermittedUses('BUS', category)).toEqual([key]);
  });

  it('CR-42: State permits the head everything for the body and the staff what the management page gives', () => {
    expect(listPermittedUses('STA', 'K5')).toEqual(['use.STA.head_of_body']);
    expect(listPermittedUses('STA', 'K6')).toEqual(['use.STA.employee_of_body']);
  });

  it('CT-AUT: authentication permits signing in and is not printed on paper', () => {
    expect(listPermittedUses('AUT', 'K1')).toEqual(['use.AUT.sign_in']);
    expect((['AUT', 'PER', 'BUS', 'STA'] as const).map(isPrintedOnPaper)).toEqual([false, true, true, true]);
  });

  it('COM-05: the taxpayer register is needed for Business and State only', () => {
    expect(needsOrganisationCheck(['PER'])).toBe(false);
    expect(needsOrganisationCheck(['PER', 'BUS'])).toBe(true);
    expect(needsOrganisationCheck(['STA'])).toBe(true);
  });
});
