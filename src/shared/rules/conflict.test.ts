import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandKinds } from '../registry-api/envelope.ts';
import {
  classOfKind,
  decideChoice,
  decideOneShot,
  decideWorkflow,
  identityFields,
  mergeContact,
  protections,
  strengthen,
  type Protection,
} from './conflict.ts';
import type { Permission } from './vocabulary.ts';

const contact = fc.record({
  phone: fc.constantFrom('1', '2', '3'),
  email: fc.constantFrom('a', 'b', 'c'),
  address: fc.constantFrom('x', 'y'),
});

describe('contact data', () => {
  it('fault 20: changed by two desks in different fields keeps both changes, whoever was first', () => {
    fc.assert(
      fc.property(contact, contact, contact, (base, mine, theirs) => {
        const one = mergeContact(base, mine, theirs);
        const other = mergeContact(base, theirs, mine);
        expect(one.ok).toBe(other.ok);
        if (one.ok && other.ok) {
          expect(one.merged).toEqual(other.merged);
          for (const field of ['phone', 'email', 'address'] as const) {
            if (mine[field] !== base[field]) expect(one.merged[field]).toBe(mine[field]);
            if (theirs[field] !== base[field]) expect(one.merged[field]).toBe(theirs[field]);
          }
        }
      }),
    );
  });

  it('changed differently in one field goes to a person with all three values', () => {
    expect(mergeContact({ phone: '1', email: 'a' }, { phone: '2', email: 'a' }, { phone: '3', email: 'b' })).toEqual({
      ok: false,
      conflicts: [{ field: 'phone', base: '1', mine: '2', theirs: '3' }],
    });
  });

  it('never carries identity: what the population register says stands', () => {
    for (const field of identityFields) {
      expect(mergeContact({ [field]: 'old' }, { [field]: 'mine' }, { [field]: 'theirs' })).toEqual({
        ok: true,
        merged: { [field]: 'theirs' },
      });
    }
  });
});

describe('a step of the workflow', () => {
  it('I-13: happens only on the newest state, seen or made by this desk itself', () => {
    fc.assert(
      fc.property(fc.option(fc.nat(9)), fc.option(fc.nat(9)), fc.integer({ min: 1, max: 9 }), (baseRev, ownRev, stateRev) => {
        const decided = decideWorkflow(baseRev, ownRev, stateRev);
        if (decided === 'apply') expect(Math.max(baseRev ?? -1, ownRev ?? -1)).toBeGreaterThanOrEqual(stateRev);
        else expect(Math.max(baseRev ?? -1, ownRev ?? -1)).toBeLessThan(stateRev);
      }),
    );
    expect(decideWorkflow(null, null, 0)).toBe('apply');
    expect(decideWorkflow(3, null, 0)).toBe('conflict');
  });
});

describe('an act that happens once', () => {
  const key = { fin: 'QYD0001', carrier: 'sim', kind: 'AUT', voen: '' };
  it('is refused while the same one is open, and only then', () => {
    expect(decideOneShot([key], key)).toBe('ALREADY_OPEN');
    for (const change of [{ fin: 'QYD0002' }, { carrier: 'card' }, { kind: 'PER' }, { voen: '1234567891' }]) {
      expect(decideOneShot([key], { ...key, ...change })).toBe('apply');
    }
  });
});

describe('suspension and revocation', () => {
  it('commute, may be repeated, and are never weakened', () => {
    const wish = fc.constantFrom<Protection>(...protections);
    fc.assert(
      fc.property(wish, fc.array(wish, { maxLength: 6 }), (start, wishes) => {
        const forward = wishes.reduce(strengthen, start);
        expect(wishes.toReversed().reduce(strengthen, start)).toBe(forward);
        expect([...wishes, ...wishes].reduce(strengthen, start)).toBe(forward);
        expect(protections.indexOf(forward)).toBeGreaterThanOrEqual(protections.indexOf(start));
      }),
    );
  });
});

describe('what a person may answer', () => {
  const facts = {
    kind: 'application.archive' as const,
    isIntent: false,
    theirState: 'SCANNED',
    isHeldByOther: false,
    mayActOnQueue: true,
    permissions: new Set<Permission>(['application.edit', 'sync.view']),
  };
  it.each([
    ['mine again', 'send_again', {}, null],
    ['mine, of a case that is over', 'send_again', { theirState: 'WITHDRAWN' }, 'CASE_IS_OVER'],
    ['mine, of a case that another desk holds', 'send_again', { isHeldByOther: true }, 'LEASE_HELD'],
    ['mine, without the right to it', 'send_again', { permissions: new Set<Permission>(['scan.send']) }, 'NOT_YOUR_RIGHT'],
    ['mine, which needs the registry at once', 'send_again', { kind: 'application.send' as const }, 'ONLINE_ACT'],
    ['theirs', 'keep_theirs', {}, null],
    ['theirs, by an auditor', 'keep_theirs', { mayActOnQueue: false }, 'NOT_YOUR_RIGHT'],
  ] as const)('%s', (_name, choice, change, stop) => {
    expect(decideChoice(choice, { ...facts, ...change })).toBe(stop);
  });

  it('has a class for every kind of command', () => {
    for (const kind of commandKinds) expect(classOfKind[kind]).toBeDefined();
  });
});
