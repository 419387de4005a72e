import { describe, expect, it } from 'vitest';
import type { ApplicationData, PowerOfAttorney } from './application-data.ts';
import { listProblems } from './application-form.ts';
import { exampleApplication, exampleRepresented, exampleTodayOn } from './example-application.ts';
import { findMissingDocuments } from './document-matrix.ts';
import { decideSigner, filerOf, findRepresentativePower, listMaySign, maySignAll, papersOfHandOver } from './signers.ts';
import { signablePapers, type Attendee, type SignablePaper } from './vocabulary.ts';

function withPower(change: Partial<PowerOfAttorney>, data: ApplicationData = exampleRepresented()): ApplicationData {
  return { ...data, powersOfAttorney: data.powersOfAttorney.map((power) => ({ ...power, ...change })) };
}
function codeOf(paper: SignablePaper, data: ApplicationData, attendee: Attendee | '' = 'representative', todayOn = exampleTodayOn): string {
  const decision = decideSigner(paper, attendee, data, todayOn);
  return decision.ok ? `${decision.value.who} ${decision.value.power?.number ?? ''}`.trim() : decision.error.code;
}

describe('who signs', () => {
  it('COM-16: the application says who files', () => {
    expect([filerOf(exampleApplication()), filerOf(exampleRepresented())]).toEqual(['applicant', 'representative']);
  });

  it('COM-16: the applicant signs every paper of his own, also where somebody filed for him', () => {
    for (const data of [exampleApplication(), exampleRepresented(), withPower({ signs: [] }), withPower({ validUntilOn: '2026-02-01' })])
      expect(listMaySign('applicant', data, exampleTodayOn)).toEqual(maySignAll);
  });

  it('COM-16 POA-R2: the representative signs what the power of attorney names, by its number, and nothing else', () => {
    for (const named of signablePapers) {
      const data = withPower({ signs: [named] });
      expect(signablePapers.map((paper) => codeOf(paper, data))).toEqual(
        signablePapers.map((paper) => (paper === named ? 'representative 12' : 'POA_NOT_FOR_PAPER')),
      );
    }
    expect(codeOf('appendix-5', withPower({ signs: undefined }))).toBe('POA_NOT_FOR_PAPER');
    const stop = decideSigner('F-20', 'representative', withPower({ signs: ['appendix-1'] }), exampleTodayOn);
    expect(stop).toEqual({ ok: false, error: { code: 'POA_NOT_FOR_PAPER', params: { form: 'F-20' } } });
  });

  it('POA-R3 M-03: it is asked again with the day of the signing; its last day counts', () => {
    const data = withPower({ validUntilOn: '2026-03-02' });
    expect(codeOf('appendix-5', data)).toBe('representative 12');
    expect(codeOf('appendix-5', data, 'representative', '2026-03-03')).toBe('M-03');
  });

  it('POA-R1 POA-R4: one not notarised, or from abroad without legalisation, lets nobody sign', () => {
    expect(codeOf('appendix-5', withPower({ certification: 'letterhead_seal' }))).toBe('M-38');
    expect(codeOf('appendix-5', withPower({ country: 'TUR' }))).toBe('M-37');
    expect(codeOf('appendix-5', withPower({ country: 'TUR', legalisation: 'not_required', legalisationReason: 'Minsk' }))).toBe(
      'representative 12',
    );
  });

  it('COM-16: a power of attorney for somebody else, or none, lets nobody sign', () => {
    expect(codeOf('appendix-5', withPower({ grantee: 'QYD0009' }))).toBe('POA_OTHER_GRANTEE');
    expect(codeOf('appendix-5', withPower({ grantor: 'QYD0009' }))).toBe('POA_OTHER_GRANTOR');
    expect(codeOf('appendix-5', { ...exampleRepresented(), powersOfAttorney: [] })).toBe('POA_MISSING');
  });

  it('COM-16 COM-01: nobody signs before it is known who stands at the desk, and no representative that the application does not name', () => {
    expect(codeOf('appendix-5', exampleRepresented(), '')).toBe('SIGNER_UNKNOWN');
    expect(codeOf('appendix-5', exampleApplication(), 'representative')).toBe('REPRESENTATIVE_NOT_NAMED');
  });

  it('SIM-15 SIM-17: at the hand-over the notice is signed, and the paper certificate where there is one', () => {
    expect(papersOfHandOver('paper')).toEqual(['F-20', 'appendix-10']);
    expect(papersOfHandOver('electronic')).toEqual(['appendix-10']);
  });
});

describe('what is recorded', () => {
  const problemsOf = (data: ApplicationData) => listProblems(data, exampleTodayOn).map(({ field }) => field);
  it('COM-16 SIM-07: the registrar reads from the power of attorney what it lets its grantee sign', () => {
    expect(problemsOf(exampleRepresented())).toEqual([]);
    expect(problemsOf(withPower({ signs: [] }))).toEqual(['powersOfAttorney.0.signs']);
    expect(problemsOf(withPower({ signs: undefined }))).toEqual(['powersOfAttorney.0.signs']);
    expect(problemsOf(exampleApplication('K2'))).toEqual([]);
  });

  it('COM-16 COM-03: who files signs the application, so a power of attorney that does not name it stops the case', () => {
    const missing = (data: ApplicationData) =>
      findMissingDocuments(data, exampleTodayOn).map(({ document, code }) => `${document} ${code}`);
    expect(missing(exampleRepresented())).toEqual([]);
    expect(missing(withPower({ signs: ['appendix-5'] }))).toEqual(['D-04 POA_NOT_FOR_PAPER']);
    const unrepresented = { ...withPower({ signs: ['appendix-5'] }), representative: exampleApplication().representative };
    expect(missing(unrepresented)).not.toContain('D-04 POA_NOT_FOR_PAPER');
  });

  it('the power of the representative is the one of Əlavə 8', () => {
    expect(findRepresentativePower(exampleApplication('K2'))).toBeUndefined();
    expect(findRepresentativePower(exampleRepresented())?.form).toBe('appendix-8');
  });
});
