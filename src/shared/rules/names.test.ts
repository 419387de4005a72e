import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkName, fatherSuffix, maxNameLength, printedFullName } from './names.ts';

describe('checkName', () => {
  it.each(['Məmmədov', 'Əliyeva-Həsənova', "Məs'ud", 'A', 'Abdul Rəhman', 'A. B.', 'Иванов', 'Müller', 'Łukasz', '李'])(
    'takes %s',
    (name) => {
      expect(checkName(name)).toEqual({ ok: true, value: name, notes: [] });
    },
  );

  it.each([
    ['  Nuray  ', 'Nuray', ['NAME_SPACES_CHANGED']],
    ['Abdul   Rəhman', 'Abdul Rəhman', ['NAME_SPACES_CHANGED']],
    ['Abdul\u00a0Rəhman', 'Abdul Rəhman', ['NAME_SPACES_CHANGED']],
    ['\u04d9li', 'əli', ['NAME_LETTER_FORM_CHANGED']],
    ['U\u0308züm', 'Üzüm', ['NAME_LETTER_FORM_CHANGED']],
    ['Məs’ud', "Məs'ud", ['NAME_APOSTROPHE_CHANGED']],
    ['Məsʼud', "Məs'ud", ['NAME_APOSTROPHE_CHANGED']],
    ['Məs`ud', "Məs'ud", ['NAME_APOSTROPHE_CHANGED']],
    ['Əliyevа', 'Əliyevа', ['NAME_MIXED_SCRIPTS']],
  ])('takes %j as %j and says so', (typed, value, notes) => {
    expect(checkName(typed)).toEqual({ ok: true, value, notes });
  });

  it.each([
    ['', 'NAME_EMPTY', undefined],
    [' \n ', 'NAME_EMPTY', undefined],
    ['Nu\u0000ray', 'NAME_CONTROL_CHARACTER', undefined],
    ['Nu\tray', 'NAME_CONTROL_CHARACTER', undefined],
    ['Nu\nray', 'NAME_CONTROL_CHARACTER', undefined],
    ['Nu\u202eray', 'NAME_CONTROL_CHARACTER', undefined],
    ['Nu\u2028ray', 'NAME_CONTROL_CHARACTER', undefined],
    ['Nu\ue000ray', 'NAME_CONTROL_CHARACTER', undefined],
    ['123', 'NAME_DIGITS_ONLY', undefined],
    ['1 2', 'NAME_DIGITS_ONLY', undefined],
    ['Nuray2', 'NAME_CHARACTER', '2'],
    ['1 Nuray', 'NAME_CHARACTER', '1'],
    ['<b>Nuray</b>', 'NAME_CHARACTER', '<'],
    ['Nuray & Co', 'NAME_CHARACTER', '&'],
    ['a\u0316', 'NAME_CHARACTER', '\u0316'],
    ['Nuray_', 'NAME_CHARACTER', '_'],
    ['Nuray,', 'NAME_CHARACTER', ','],
    ["-'.", 'NAME_NO_LETTER', undefined],
  ])('refuses %j with %s', (typed, code, character) => {
    expect(checkName(typed)).toEqual({ ok: false, code, ...(character === undefined ? {} : { params: { character } }) });
  });

  it('takes 120 characters and not one more', () => {
    expect(checkName('ə'.repeat(maxNameLength)).ok).toBe(true);
    expect(checkName('ə'.repeat(maxNameLength + 1))).toEqual({ ok: false, code: 'NAME_TOO_LONG', params: { limit: '120' } });
    expect(checkName('𐐀'.repeat(maxNameLength)).ok).toBe(true);
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('ə', '\u04d9', 'A', ' ', '’', '-', '.', 'u\u0308', '1') }), (typed) => {
        const once = checkName(typed);
        if (once.ok) expect(checkName(once.value)).toEqual({ ok: true, value: once.value, notes: [] });
      }),
    );
  });
});

describe('printedFullName', () => {
  const elvin = { surname: 'Məmmədov', givenName: 'Elvin', fatherName: 'Kamal', sex: 'M' } as const;

  it.each([
    [elvin, 'Məmmədov Elvin Kamal oğlu'],
    [{ ...elvin, surname: 'Quliyeva', givenName: 'Nuray', sex: 'F' }, 'Quliyeva Nuray Kamal qızı'],
    [{ ...elvin, fatherName: '' }, 'Məmmədov Elvin'],
    [{ ...elvin, fatherName: '  ' }, 'Məmmədov Elvin'],
    [{ ...elvin, sex: '' }, 'Məmmədov Elvin Kamal'],
    [{ ...elvin, fatherName: 'Kamal oğlu' }, 'Məmmədov Elvin Kamal oğlu'],
    [{ ...elvin, fatherName: 'Kamal qızı' }, 'Məmmədov Elvin Kamal qızı'],
    [{ ...elvin, fatherName: 'Kamaloviç' }, 'Məmmədov Elvin Kamaloviç'],
    [{ ...elvin, fatherName: 'Əliyeviç' }, 'Məmmədov Elvin Əliyeviç'],
    [{ ...elvin, fatherName: 'Kamalovna', sex: 'F' }, 'Məmmədov Elvin Kamalovna'],
    [{ ...elvin, fatherName: 'Əliyevna', sex: 'F' }, 'Məmmədov Elvin Əliyevna'],
    [{ ...elvin, fatherName: 'Əsəd oğlu Kamal' }, 'Məmmədov Elvin Əsəd oğlu Kamal oğlu'],
    [{ ...elvin, fatherName: 'Oviçin' }, 'Məmmədov Elvin Oviçin oğlu'],
    [{ ...elvin, fatherName: 'Qaraoğlu' }, 'Məmmədov Elvin Qaraoğlu oğlu'],
    [{ ...elvin, surname: ' Məmmədov ', givenName: ' Elvin ' }, 'Məmmədov Elvin Kamal oğlu'],
    [{ ...elvin, surname: '' }, 'Elvin Kamal oğlu'],
  ] as const)('prints %j', (name, printed) => {
    expect(printedFullName(name)).toBe(printed);
  });

  it('has a suffix for each sex', () => {
    expect([fatherSuffix('M'), fatherSuffix('F'), fatherSuffix('')]).toEqual(['oğlu', 'qızı', '']);
  });
});
