import { describe, expect, it } from 'vitest';
import { decideClosing, decideDocuments, isRegisterAct, registerActs, type ClosingLine } from './day-register.ts';

const good: ClosingLine = { documents: 'complete', sync: 'registered', review: 'reviewed' };

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

  it('R-31: a day is closed when every act is registered, reviewed and has its papers', () => {
    expect(decideClosing([good, { ...good, documents: 'not_needed' }])).toEqual({ ok: true });
    expect(decideClosing([])).toEqual({ ok: true });
  });

  it.each([
    [{ ...good, sync: 'queued' }, ['NOT_REGISTERED']],
    [{ ...good, sync: 'saved' }, ['NOT_REGISTERED']],
    [{ ...good, sync: 'unknown' }, ['NOT_REGISTERED']],
    [{ ...good, sync: 'attention' }, ['NOT_REGISTERED']],
    [{ ...good, documents: 'incomplete' }, ['DOCUMENTS_INCOMPLETE']],
    [{ ...good, review: 'none' }, ['NOT_REVIEWED']],
    [{ ...good, review: 'corrected' }, ['NOT_REVIEWED']],
    [{ ...good, review: 'returned' }, ['RETURNED']],
    [{ documents: 'incomplete', sync: 'queued', review: 'none' }, ['NOT_REGISTERED', 'DOCUMENTS_INCOMPLETE', 'NOT_REVIEWED']],
    [{ documents: 'incomplete', sync: 'refused', review: 'none' }, ['NOT_REVIEWED']],
  ] as const)('R-31: %j keeps the day open by %j', (line, stops) => {
    expect(decideClosing([good, line])).toEqual({ ok: false, stops });
  });

  it('R-31: an act that the registry refused needs its review but no papers', () => {
    expect(decideClosing([{ documents: 'incomplete', sync: 'refused', review: 'reviewed' }])).toEqual({ ok: true });
  });
});
