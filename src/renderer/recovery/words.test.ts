import { describe, expect, it } from 'vitest';
import { recoveryFailureCodes } from '../../shared/contract/recovery.ts';
import { languages } from '../../shared/language/language.ts';
import { chooseLanguage, listKeyOutcome, listOutcome, sayIn, sayRefusal } from './words.ts';

const counts = { backupAtMs: Date.UTC(2026, 10, 21, 22), actsRecovered: 12, actsLost: 0, actsToSend: 3, auditAside: 0, auditLost: 0 };

describe('the words of the recovery page', () => {
  it('are in the language of the screen, else in Azerbaijani', () => {
    expect([chooseLanguage('ru'), chooseLanguage(null), chooseLanguage('fr')]).toEqual(['ru', 'az', 'az']);
  });

  it('say what was saved, what was not and what to do next', () => {
    const lines = listOutcome(sayIn('az'), counts);
    expect(lines[0]).toBe('22.11.2026 02:00 tarixli surət işlədildi.');
    expect(lines).toContain('Əvvəlki bazadan götürülən əməllər: 12.');
    expect(lines).toContain('Bərpa olunmayan əməl yoxdur.');
    expect(listOutcome(sayIn('en'), { ...counts, backupAtMs: null, actsLost: 2, auditLost: 5 })).toEqual([
      'There was no good copy; the database was made anew.',
      'Acts taken over from the former database: 12.',
      'Acts sent to the registry again: 3. What it has already accepted is not done twice.',
      'Acts not recovered: 2. Check them by the journal and the papers and do them again.',
      'Rows missing from the journal: 5. Tell security.',
      'The comparison with the registry follows when there is a link.',
      'The former files are kept; nothing was erased.',
    ]);
  });

  it('say who brought a key back and by which number', () => {
    const returned = { checkNumber: '0412-7730-9915', firstLogin: 'leyla', secondLogin: 'nigar', recordedAtMs: Date.UTC(2026, 10, 21, 22) };
    const [line] = listKeyOutcome(sayIn('en'), returned);
    expect(line).toBe('Confirmed by leyla and nigar, 22.11.2026 02:00. Check number: 0412-7730-9915.');
  });

  it('have a sentence for every refusal', () => {
    const say = sayIn('az');
    expect(sayRefusal(say, 'az', 'FORBIDDEN')).toContain('rolunuza icazə verilmir');
    expect(sayRefusal(say, 'az', 'RECOVERY_FAILED')).toContain('RECOVERY_FAILED');
    const unsaid = languages.flatMap((language) =>
      recoveryFailureCodes.filter((code) => code !== 'RECOVERY_FAILED' && sayRefusal(sayIn(language), language, code).includes(code)),
    );
    expect(unsaid).toEqual([]);
  });
});
