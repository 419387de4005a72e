import { expect, type Page } from '@playwright/test';
import { writeMrz } from '../../src/training/mrz-writer.ts';
import { castOf, choose, shoot } from './support/walk.ts';
import { fieldOf, problemOf, said, saved, typeIn } from './support/case-walk.ts';
import { deskTest as test } from './support/fault-test.ts';
import type { Person } from './support/person.ts';

/** What is typed, and what must be said under the field; nothing where it is content. */
type Row = readonly [typed: string, sentence: string];

async function newForm(person: Person): Promise<void> {
  await person.press('F2');
  await expect(fieldOf(person.page, 'mrz')).toBeFocused();
  await expect(fieldOf(person.page, 'person.fin')).toHaveValue('');
}

/** Types each value, leaves the field, reads what stands under it, and sees that the form is saved all the same. */
async function tryAll(person: Person, field: string, rows: readonly Row[]): Promise<void> {
  await person.tabTo(fieldOf(person.page, field), 160);
  await person.press('Tab');
  for (const [typed, sentence] of rows) {
    await person.press('Shift+Tab');
    await typeIn(person, field, typed);
    await person.press('Tab');
    await saved(person.page);
    if (sentence === '') await expect(problemOf(person.page, field), `${field}: ${typed}`).toHaveCount(0);
    else await expect(problemOf(person.page, field), `${field}: ${typed}`).toContainText(sentence);
  }
}

/** No search has been made and none is spent. */
async function expectNothingAsked(page: Page): Promise<void> {
  const line = page.getByRole('table', { name: 'Dövlət reyestrləri' }).getByRole('row', { name: /^Şəxs/ });
  await expect(line).toContainText('Soruşulmayıb');
  await expect(line).toContainText('cəhd 1/3');
}

test('COM-07: every negative row of the FİN is named beside the field, with its suggestion, and spends no attempt', async ({
  page,
  person,
}) => {
  await newForm(person);
  await tryAll(person, 'person.fin', [
    ['QYDO001', 'FİN-də O hərfi olmur, yəqin ki, 0 rəqəmidir. Təklif: QYD0001 (Alt+↓)'],
    ['QYDI001', 'FİN-də I hərfi olmur, yəqin ki, 1 rəqəmidir.'],
    ['QYD001', 'FİN-in uzunluğu düzgün deyil.'],
    ['QYD00011', '8 simvol daxil edilib. Yəqin ki, sonuncusu yoxlama simvoludur və FİN-ə aid deyil.'],
    ['QYD-001', 'FİN yalnız latın hərflərindən və rəqəmlərdən ibarətdir.'],
    ['QƏD0001', 'FİN yalnız latın hərflərindən və rəqəmlərdən ibarətdir.'],
    ['qyd0001', ''],
  ]);
  await typeIn(person, 'person.fin', 'QYDO001');
  await person.press('Tab');
  await expect(problemOf(page, 'person.fin')).toBeVisible();
  await shoot(page, 'bad-fin');
  await person.press('F3');
  await expectNothingAsked(page);
  await person.tabTo(fieldOf(page, 'person.fin'), 160);
  await person.press('Alt+ArrowDown');
  await expect(fieldOf(page, 'person.fin')).toHaveValue('QYD0001');
  await expect(problemOf(page, 'person.fin')).toHaveCount(0);
});

test('COM-05: every negative row of the VÖEN is named beside the field and spends no attempt', async ({ page, person }) => {
  await newForm(person);
  await choose(person, 'Ərizəçinin kateqoriyası', 'K1b');
  await tryAll(person, 'organisation.voen', [
    ['99900141', 'VÖEN 10 rəqəmdən ibarətdir.'],
    ['099900141', 'Təklif: 0099900141'],
    ['0000012351', 'VÖEN-in yoxlama rəqəmi düz gəlmir. Rəqəmləri yoxlayın, sorğu göndərilməyib.'],
    ['0000012343', 'VÖEN-in son rəqəmi 1 (hüquqi şəxs) və ya 2 (fiziki şəxs) olmalıdır.'],
    ['00000A2341', 'VÖEN yalnız rəqəmlərdən ibarətdir.'],
    ['0000012341', 'VÖEN bu kateqoriyaya uyğun deyil.'],
    ['000 001 2342', ''],
  ]);
  await typeIn(person, 'organisation.voen', '0000012351');
  await saved(page);
  await person.press('F3');
  const line = page.getByRole('table', { name: 'Dövlət reyestrləri' }).getByRole('row', { name: /^VÖEN/ });
  await expect(line).toContainText('Soruşulmayıb');
  await expect(line).toContainText('cəhd 1/3');
  await shoot(page, 'bad-voen');
});

test('a machine-readable zone that is not right is refused whole, with its reason, and changes no field', async ({ page, person }) => {
  await newForm(person);
  const [first = '', second = '', third = ''] = castOf('QYD0001').mrz.split('\n');
  const rows: readonly (readonly [string, readonly string[], string])[] = [
    ['one digit of a date', [first, second.replace('900115', '900116'), third], 'Yoxlama rəqəmi düz gəlmir.'],
    ['29 characters', [first, second.slice(0, 29), third], 'sətrin uzunluğu düzgün deyil'],
    ['small letters', [first.toLowerCase(), second.toLowerCase(), third.toLowerCase()], 'Sətirlər kiçik hərflə gəldi.'],
    ['O in the FİN', [first.replace('QYD0001', 'QYDO001'), second, third], ''],
    ['a letter of the FİN in a TD2', castOf('QYD0002').mrz.replace('QYD0002', 'QZD0002').split('\n'), 'Yoxlama rəqəmi düz gəlmir.'],
  ];
  for (const [what, lines, sentence] of rows) {
    await person.read(lines.join('\n'));
    await expect(problemOf(page, 'mrz'), what).toContainText(sentence === '' ? /\S/ : sentence);
    await expect(fieldOf(page, 'person.fin'), what).toHaveValue('');
    await expect(fieldOf(page, 'person.surname'), what).toHaveValue('');
    if (what === 'one digit of a date') await shoot(page, 'bad-mrz');
    await person.press('Control+A');
    await person.press('Delete');
    await expect(problemOf(page, 'mrz'), what).toHaveCount(0);
  }
});

test('CR-07: a zone whose document ended before its bearer was born changes nothing, and no birth is read as one to come', async ({
  page,
  person,
}) => {
  await newForm(person);
  const { person: citizen, document } = castOf('QYD0001');
  await person.read(writeMrz({ ...citizen, ...document, birthOn: '2015-01-20', validUntilOn: '2010-01-19' }));
  await expect(problemOf(page, 'mrz')).toContainText('Bitmə tarixi doğum tarixindən sonra deyil. Sənədi diqqətlə yoxlayın.');
  for (const path of ['person.fin', 'person.surname', 'person.birthOn', 'document.validUntilOn'])
    await expect(fieldOf(page, path), path).toHaveValue('');
  await shoot(page, 'bad-mrz-expiry');
  await expectNothingAsked(page);
  await person.press('Control+A');
  await person.press('Delete');

  // A zone has two digits for the year: tomorrow can only be a hundred years ago, and the register then decides.
  const tomorrow = new Date(Date.now() + 36 * 60 * 60 * 1000).toISOString().slice(0, 10);
  await person.read(writeMrz({ ...citizen, ...document, birthOn: tomorrow }));
  const [year = '', month = '', day = ''] = tomorrow.split('-');
  await expect(fieldOf(page, 'person.birthOn')).toHaveValue(`${day}.${month}.${String(Number(year) - 100)}`);
  await expect(problemOf(page, 'mrz')).toHaveCount(0);
  await shoot(page, 'bad-mrz-birth');
  await tryAll(person, 'person.birthOn', [[`${day}.${month}.${year}`, 'Doğum tarixi gələcəkdədir.']]);
  await expectNothingAsked(page);
});

test('wrong phone numbers and SIM numbers are named beside the field', async ({ page, person }) => {
  await newForm(person);
  await tryAll(person, 'carrier.phone', [
    ['50000001', 'Nömrənin uzunluğu düzgün deyil.'],
    ['50ABC0001', 'Nömrə yalnız rəqəmlərdən ibarət olmalıdır.'],
    ['500000001', ''],
  ]);
  await tryAll(person, 'carrier.iccid', [
    ['8999401000000000019', 'SİM kart nömrəsinin yoxlama rəqəmi düz gəlmir. Rəqəmləri yoxlayın.'],
    ['899940100000', 'SİM kartın nömrəsi 19 və ya 20 rəqəmdən ibarətdir.'],
    ['899940100000000001A', 'SİM kartın nömrəsi yalnız rəqəmlərdən ibarətdir.'],
    ['8999401000000000018', ''],
  ]);
  await expectNothingAsked(page);
  await shoot(page, 'bad-sim');
});

test('SIM-07: names of the wrong kind are named, HTML is text, and unusual names are content', async ({ page, person }) => {
  await newForm(person);
  await tryAll(person, 'person.surname', [
    ['A'.repeat(121), 'Ad 120 simvoldan uzundur.'],
    ['Quli\u0007yeva', 'Adda görünməyən simvol var. Adı yenidən əl ilə yazın.'],
    ['<b>Nuray</b>', 'Adda bu simvol ola bilməz: <'],
    ['12345', 'Ad rəqəmlərdən ibarət ola bilməz.'],
    ["D'Artanyan", ''],
    ['Əliyeva-Şıxlı', ''],
    ['Hacı Murad', ''],
    ['A', ''],
  ]);
  await typeIn(person, 'person.surname', '<img src=x onerror=alert(1)><b>Nuray</b>');
  await saved(page);
  await person.press('Control+KeyK');
  await expect(page.getByRole('combobox', { name: 'Axtarış və əmrlər' })).toBeFocused();
  await person.press('Escape');
  await expect(page.locator('#main .page-head')).toContainText('<img src=x onerror=alert(1)><b>Nuray</b>');
  await expect(page.locator('#main img, #main b')).toHaveCount(0);
  await shoot(page, 'bad-name-html');
  await expect(said(page, '<b>Nuray</b>')).toBeVisible();
});

test('SIM-07 COM-02: a birth in the future, an expiry before birth and a date that is none are named', async ({ page, person }) => {
  await newForm(person);
  await tryAll(person, 'person.birthOn', [
    ['31.02.1990', 'Belə tarix yoxdur. Nümunə: 07.03.1988'],
    ['01.01.2090', 'Doğum tarixi gələcəkdədir.'],
    ['15.01.1990', ''],
  ]);
  await tryAll(person, 'document.validUntilOn', [
    ['14.01.1980', 'Bitmə tarixi doğum tarixindən sonra olmalıdır.'],
    ['14.01.2031', ''],
  ]);
  await tryAll(person, 'document.issuedOn', [
    ['14.01.2032', 'Verilmə tarixi gələcəkdədir.'],
    ['14.01.1989', 'Verilmə tarixi doğum tarixindən əvvəldir.'],
  ]);
  await shoot(page, 'bad-dates');
});

test('SIM-07: what is longer than the contract takes cannot be typed, so the rest is still saved', async ({ page, person }) => {
  await newForm(person);
  await typeIn(person, 'person.givenName', 'NURAY');
  await typeIn(person, 'person.fin', 'QYD0001QYD0001QYD0001QYD0001');
  await typeIn(person, 'carrier.phone', '5000000015000000015000000015000000');
  await person.press('Tab');
  await saved(page);
  await expect(page.getByText('Proqram səhv sorğu göndərdi')).toHaveCount(0);
  await expect(page.getByText('Yadda saxlanılmayıb')).toHaveCount(0);
  await expect(problemOf(page, 'person.fin')).toBeVisible();
});
