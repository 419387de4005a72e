import { describe, expect, it } from 'vitest';
import {
  archiveDueAtMs,
  archiveWorkingDays,
  cardsDueAtMs,
  checkingDueAtMs,
  checkingWorkingDays,
  decideDeadline,
  findCaseDeadline,
  pinCodesDueAtMs,
  pinPapersDueAtMs,
} from './deadlines.ts';
import { applicationStates } from './vocabulary.ts';

const endOfDayInBaku = (on: string) => Date.parse(`${on}T23:59:59.999+04:00`);
const hourMs = 60 * 60 * 1000;

describe('deadlines', () => {
  it.each([
    ['2025-11-07T10:00:00+04:00', '2025-11-12'],
    ['2026-03-19T17:00:00+04:00', '2026-03-31'],
    ['2019-01-18T09:00:00+04:00', '2019-01-21'],
    ['2026-03-02T23:30:00+04:00', '2026-03-03'],
  ])('T-01 COM-15: a case filed %s is due at the end of %s', (filed, dueOn) => {
    expect(checkingDueAtMs(Date.parse(filed))).toBe(endOfDayInBaku(dueOn));
    expect(checkingWorkingDays).toBe(1);
  });

  it.each([
    ['2026-03-18T12:00:00+04:00', '2026-04-07'],
    ['2026-01-05T12:00:00+04:00', '2026-01-14'],
  ])('T-08 COM-11 C-22: documents entered %s are in the archive by the end of %s', (entered, dueOn) => {
    expect(archiveDueAtMs(Date.parse(entered))).toBe(endOfDayInBaku(dueOn));
    expect(archiveWorkingDays).toBe(7);
  });

  it('COM-15: the due moment is in time, the next millisecond is a breach', () => {
    const due = 1_000 * hourMs;
    expect(decideDeadline(due + 1, due)).toBe('breached');
    expect(decideDeadline(due, due)).toBe('soon');
  });

  it('COM-15 T-08: the last day of checking and the last two of the archive ask for attention', () => {
    const due = endOfDayInBaku('2026-03-04');
    expect(decideDeadline(Date.parse('2026-03-04T00:00:00+04:00'), due)).toBe('soon');
    expect(decideDeadline(Date.parse('2026-03-03T23:59:59+04:00'), due)).toBe('ok');
    expect(decideDeadline(Date.parse('2026-03-03T00:00:00+04:00'), due, 'archive')).toBe('soon');
    expect(decideDeadline(Date.parse('2026-03-02T23:59:59+04:00'), due, 'archive')).toBe('ok');
  });

  it.each([
    ['2025-11-07T10:00:00+04:00', '2025-11-12'],
    ['2026-03-02T23:30:00+04:00', '2026-03-03'],
  ])('T-03 C-25: the card of a request that reaches the centre %s is with the courier by the end of %s', (reached, dueOn) => {
    expect(cardsDueAtMs(Date.parse(reached))).toBe(endOfDayInBaku(dueOn));
  });

  it.each([
    ['2026-03-02T00:00:00+04:00', '2026-03-02'],
    ['2026-03-02T23:59:59.999+04:00', '2026-03-02'],
    ['2026-03-07T11:00:00+04:00', '2026-03-07'],
  ])('T-04: the papers of a PIN request filed %s leave by the end of %s', (filed, dueOn) => {
    expect(pinPapersDueAtMs(Date.parse(filed))).toBe(endOfDayInBaku(dueOn));
  });

  it('T-05 C-25: new codes are ready on the next working day after the centre received the papers', () => {
    expect(pinCodesDueAtMs(Date.parse('2026-03-19T17:00:00+04:00'))).toBe(endOfDayInBaku('2026-03-31'));
  });

  it.each(['cards', 'pin_papers', 'pin_codes'] as const)('T-03 T-04 T-05: the last day of %s asks for attention', (kind) => {
    const due = endOfDayInBaku('2026-03-04');
    expect(decideDeadline(Date.parse('2026-03-03T23:59:59+04:00'), due, kind)).toBe('ok');
    expect(decideDeadline(Date.parse('2026-03-04T00:00:00+04:00'), due, kind)).toBe('soon');
    expect(decideDeadline(due + 1, due, kind)).toBe('breached');
  });

  it.each(applicationStates)('T-01 T-08: in %s the right clock runs', (state) => {
    const filedAtMs = Date.parse('2026-03-02T10:00:00+04:00');
    const enteredAtMs = Date.parse('2026-03-03T10:00:00+04:00');
    const deadline = findCaseDeadline(state, { filedAtMs, enteredAtMs });
    if (state === 'SCANNED') expect(deadline).toEqual({ kind: 'archive', dueAtMs: archiveDueAtMs(enteredAtMs) });
    else if (['HANDED', 'ARCHIVED', 'REFUSED', 'WITHDRAWN'].includes(state)) expect(deadline).toBeUndefined();
    else expect(deadline).toEqual({ kind: 'checking', dueAtMs: checkingDueAtMs(filedAtMs) });
  });

  it('T-08: without the time of entry there is no archive clock', () => {
    expect(findCaseDeadline('SCANNED', { filedAtMs: 0, enteredAtMs: null })).toBeUndefined();
  });
});
