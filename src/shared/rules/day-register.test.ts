import { describe, expect, it } from 'vitest';
import { decideDocuments, isRegisterAct, registerActs } from './day-register.ts';

describe('the day’s register', () => {
  it('holds the acts that change a case, and no look-up, draft or session act', () => {
    expect(registerActs.map((act) => act.replace('application.', ''))).toEqual([
      'send',
      'sign_contract',
      'activate',
      'hand_over',
      'send_scans',
      'enter_scans',
      'archive',
      'refuse',
      'withdraw',
    ]);
    expect(registerActs.every(isRegisterAct)).toBe(true);
    for (const kind of ['application.look_up', 'session.lock', 'register.review', 'operator.create'])
      expect(isRegisterAct(kind)).toBe(false);
  });

  it('R-31: the papers of an act are complete when every one of them is there', () => {
    const line = {
      kind: 'application.hand_over',
      expectedDocuments: ['contract', 'notice'],
      presentDocuments: ['notice', 'contract', 'other'],
    } as const;
    expect(decideDocuments(line)).toBe('complete');
    expect(decideDocuments({ ...line, presentDocuments: ['notice'] })).toBe('incomplete');
  });

  it.each(registerActs)('R-31: %s expects papers or does not', (kind) => {
    const expectsPapers = [
      'application.sign_contract',
      'application.hand_over',
      'application.enter_scans',
      'application.archive',
      'application.refuse',
    ].includes(kind);
    expect(decideDocuments({ kind, expectedDocuments: ['contract'], presentDocuments: [] })).toBe(
      expectsPapers ? 'incomplete' : 'not_needed',
    );
  });
});
