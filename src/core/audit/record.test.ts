import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../platform/canonical.ts';
import { readAnyRecord, readRecord } from './record.ts';

const word = fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom('leyla', 'application.send', 'Ə"ğ\\', '{"a":1}', '"atMs":7,', ''));
const entries = fc.record(
  {
    act: word,
    applicationId: word,
    atMs: fc.oneof(fc.integer(), fc.nat({ max: 2 ** 50 })),
    authMethod: word,
    bootId: word,
    commandId: word,
    deskEpoch: fc.integer({ min: -1, max: 2 ** 40 }),
    detail: fc.dictionary(word, fc.oneof(word, fc.integer(), fc.boolean(), fc.double({ noNaN: true, noDefaultInfinity: true })), {
      maxKeys: 3,
    }),
    monoMs: fc.nat(),
    operatorId: word,
    operatorLogin: word,
    role: word,
    sessionId: word,
  },
  { requiredKeys: ['act', 'deskEpoch', 'detail'] },
);

describe('the record of an audit row', () => {
  it('is read the short way as JSON would read it', () => {
    let short = 0;
    fc.assert(
      fc.property(entries, (entry) => {
        const rec = canonicalJson(entry);
        const { detail, ...usual } = { detail: null, ...(readRecord(rec) ?? {}) };
        if (detail === null) short += 1;
        const whole = readAnyRecord(rec);
        const { act, atMs, deskEpoch, operatorLogin } = whole ?? {};
        expect(usual).toMatchObject(
          whole === null ? {} : { act, atMs, deskEpoch, ...(operatorLogin === undefined ? {} : { operatorLogin }) },
        );
        if (whole === null) expect(readRecord(rec)).toBeNull();
      }),
      { numRuns: 2000 },
    );
    expect(short).toBeGreaterThan(20);
  });

  it.each([
    ['a name twice', '{"act":"a","act":"b","atMs":1,"deskEpoch":1,"detail":{},"monoMs":1}'],
    ['another order', '{"atMs":1,"act":"b","deskEpoch":1,"detail":{},"monoMs":1}'],
    ['no JSON', '{"act":"a","atMs":1,"deskEpoch":1,"detail":{},"monoMs":1'],
    ['something behind it', '{"act":"a","atMs":1,"deskEpoch":1,"detail":{},"monoMs":1}}'],
    ['no epoch', '{"act":"a","atMs":1,"detail":{},"monoMs":1}'],
  ])('with %s goes the long way', (_, rec) => {
    expect(readRecord(rec)).toEqual(readAnyRecord(rec));
  });
});
