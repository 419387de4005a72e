import { describe, expect, it } from 'vitest';
import type { FinCode, FinNote } from '../../rules/fin.ts';
import type { IccidCode, IccidNote } from '../../rules/iccid.ts';
import type { DocumentDatesCode, DocumentNumberCode, DocumentNumberNote } from '../../rules/identity-document-number.ts';
import type { MrzCode, MrzNote } from '../../rules/mrz.ts';
import type { NameCode, NameNote } from '../../rules/names.ts';
import type { PhoneCode, PhoneNote } from '../../rules/phone.ts';
import type { UserIdCode } from '../../rules/user-id.ts';
import type { VoenCode, VoenNote } from '../../rules/voen.ts';
import { checks } from './az/checks.ts';

type Codes = FinCode | VoenCode | PhoneCode | IccidCode | UserIdCode | NameCode | DocumentNumberCode | DocumentDatesCode | MrzCode;
type Notes = FinNote | VoenNote | PhoneNote | IccidNote | NameNote | DocumentNumberNote | MrzNote;

/** Does not compile when a validator gains a code or a note without a text, or when a text outlives its code. */
const texts: Readonly<Record<Codes | Notes, string>> = checks;
const codes: readonly (Codes | Notes)[] = Object.keys(checks) as (keyof typeof checks)[];

describe('texts of the validators', () => {
  it('stand for every code and note, each a sentence', () => {
    expect(codes.length).toBeGreaterThan(70);
    for (const code of codes) expect(texts[code], code).toMatch(/^[\p{Lu}\d{].*[.}]$/u);
  });
});
