import { describe, expect, it } from 'vitest';
import { applicationDataSchema } from './application-data.ts';
import { exampleApplication } from './example-application.ts';
import {
  decideRefusal,
  findDocumentsNotReturned,
  isRefusalReason,
  listDocumentsToReturn,
  refusalReasonCodes,
  refusalReasons,
  type Refusal,
} from './refusal.ts';

const refusal: Refusal = {
  reasonCode: 'documents_missing',
  note: '',
  operatorLogin: 'sinaq',
  atMs: 1,
  returnedDocuments: [{ document: 'D-02', note: '' }],
};

describe('refusal', () => {
  it('COM-14: names its reason, who, and the documents that went back', () => {
    expect(decideRefusal(refusal, true)).toEqual({ ok: true, value: { reason: 'documents_missing', keepsInvalidityNote: false } });
    expect(decideRefusal({ ...refusal, reasonCode: 'because' }, true)).toEqual({ ok: false, error: 'REASON_NEEDED' });
    expect(decideRefusal({ ...refusal, reasonCode: '' }, true)).toEqual({ ok: false, error: 'REASON_NEEDED' });
    expect(decideRefusal({ ...refusal, operatorLogin: '' }, true)).toEqual({ ok: false, error: 'OPERATOR_NEEDED' });
    expect(decideRefusal({ ...refusal, returnedDocuments: [] }, true)).toEqual({ ok: false, error: 'RETURNED_DOCUMENTS_NEEDED' });
    expect(decideRefusal({ ...refusal, returnedDocuments: [] }, false).ok).toBe(true);
  });

  it('COM-14: another reason needs a note of its own', () => {
    expect(decideRefusal({ ...refusal, reasonCode: 'other', note: ' ' }, true)).toEqual({ ok: false, error: 'NOTE_NEEDED' });
    expect(decideRefusal({ ...refusal, reasonCode: 'other', note: 'səbəb' }, true).ok).toBe(true);
  });

  it('COM-04 COM-05 J-05: a note of invalidity is kept for a person, a representative or an organisation not found, and for nothing else', () => {
    const noted = refusalReasonCodes.filter((reasonCode) => {
      const decision = decideRefusal({ ...refusal, reasonCode, note: 'x' }, true);
      return decision.ok && decision.value.keepsInvalidityNote;
    });
    expect(noted).toEqual(['person_not_found', 'representative_not_found', 'organisation_not_found']);
  });

  it('each reason has the message of the specification', () => {
    expect(Object.fromEntries(refusalReasonCodes.map((code) => [code, refusalReasons[code].message]))).toEqual({
      document_of_another: 'M-01',
      document_expired: 'M-02',
      additional_document_expired: 'M-03',
      documents_missing: 'M-04',
      person_not_found: 'M-06',
      representative_not_found: 'M-06',
      organisation_not_found: 'M-08',
      request_invalid: 'M-10',
      kind_not_for_service: 'M-11',
      activation_failed: 'M-12',
      business_and_state: 'M-28',
      second_personal: 'M-29',
      not_legalised: 'M-37',
      power_not_certified: 'M-38',
      holder_not_found: 'M-09',
      not_entitled: 'M-39',
      other: null,
    });
  });

  it('knows its own codes and no property of objects', () => {
    expect(refusalReasonCodes.every(isRefusalReason)).toBe(true);
    expect(isRefusalReason('toString')).toBe(false);
  });

  it('COM-14: everything that was shown goes back, in the order of the matrix, and the application stays', () => {
    const data = exampleApplication('K4');
    expect(listDocumentsToReturn(data)).toEqual(['D-02', 'D-05', 'D-09', 'D-10'].map((document) => ({ document, note: '' })));
    const presented = {
      ...data.presented,
      'D-09': { isShown: true, validUntilOn: '', note: 'surət' },
      'D-05': { isShown: false, validUntilOn: '', note: '' },
    };
    delete presented['D-10'];
    expect(listDocumentsToReturn({ ...data, presented })).toEqual([
      { document: 'D-02', note: '' },
      { document: 'D-09', note: 'surət' },
    ]);
    expect(listDocumentsToReturn({ ...data, presented: {} })).toEqual([]);
  });
});

it('SIM-19: what was shown and does not stand on the list of what went back is named', () => {
  const data = {
    ...exampleApplication('K4'),
    presented: { 'D-01': { isShown: true }, 'D-02': { isShown: true }, 'D-09': { isShown: true } },
  };
  const typed = applicationDataSchema.parse(data);
  expect(listDocumentsToReturn(typed)).toEqual([
    { document: 'D-02', note: '' },
    { document: 'D-09', note: '' },
  ]);
  expect(findDocumentsNotReturned(typed, [])).toEqual(['D-02', 'D-09']);
  expect(findDocumentsNotReturned(typed, [{ document: 'D-09' }])).toEqual(['D-02']);
  expect(findDocumentsNotReturned(typed, [{ document: 'D-09' }, { document: 'D-02' }])).toEqual([]);
});
