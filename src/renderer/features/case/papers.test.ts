import { describe, expect, it } from 'vitest';
import type { PaperView } from '../../../shared/contract/paper.ts';
import { findPhase, listLive } from './paper-phase.ts';
import { base64OfBytes, bytesOfBase64, readPieces } from './read-bytes.ts';

function paper(part: Partial<PaperView>): PaperView {
  return {
    paperId: '01900000-0000-7000-8000-000000000001',
    applicationId: null,
    form: 'appendix-5',
    number: 'BAK1-01-2026-000001',
    copy: 1,
    copies: 2,
    certificateSerial: '',
    state: 'prepared',
    sha256: '',
    pageCount: 1,
    sizeBytes: 1,
    preparedAtMs: 0,
    printedAtMs: null,
    printer: '',
    reason: '',
    replacedBy: null,
    ...part,
  };
}

describe('papers', () => {
  it('SIM-12: the contract is printed when both copies are', () => {
    const one = paper({ state: 'printed' });
    expect(findPhase([one, paper({ copy: 2, state: 'printing' })], [''])).toBe('printing');
    expect(findPhase([one, paper({ copy: 2, state: 'printed' })], [''])).toBe('printed');
  });

  it('leaves a spoilt copy out and asks for a new set', () => {
    const live = listLive([paper({ state: 'spoilt' }), paper({ copy: 2, state: 'spoilt' })], 'appendix-5', ['']);
    expect(live).toEqual([]);
    expect(findPhase(live, [''])).toBe('none');
  });

  it('SIM-15: every signing certificate needs its paper', () => {
    const live = listLive([paper({ form: 'F-20', certificateSerial: 'A', state: 'printed' })], 'F-20', ['A', 'B']);
    expect(findPhase(live, ['A', 'B'])).toBe('none');
    expect(findPhase(live, ['A'])).toBe('printed');
  });
});

describe('bytes', () => {
  it('come back piece by piece as they were', async () => {
    const bytes = Uint8Array.from({ length: 20_000 }, (_, index) => index % 251);
    const read = await readPieces((offset) =>
      Promise.resolve({ base64: base64OfBytes(bytes.subarray(offset, offset + 7_000)), totalBytes: bytes.length }),
    );
    expect(read).toEqual(bytes);
    expect(bytesOfBase64(base64OfBytes(bytes))).toEqual(bytes);
  });
});
