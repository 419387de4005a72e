import { Checkbox } from '@mantine/core';
import { decideRoleSet } from '../../../shared/rules/rights.ts';
import { roles, type Role } from '../../../shared/rules/vocabulary.ts';
import { useTexts } from '../../app/text.ts';
import { Note } from '../../ui/signal.tsx';

/** The roles of a person; a set that one person may not hold says why at once. Source: R-31, procedures.md §16 */
export function RoleTicks({ held, onChange }: { readonly held: readonly Role[]; readonly onChange: (roles: Role[]) => void }) {
  const { t } = useTexts();
  const decision = decideRoleSet(held);
  return (
    <fieldset>
      <legend>{t('operators.roles')}</legend>
      <div className="ticks">
        {roles.map((role) => (
          <Checkbox
            key={role}
            label={t(`terms.role.${role}`)}
            checked={held.includes(role)}
            onChange={(event) => {
              onChange(event.currentTarget.checked ? [...held, role] : held.filter((one) => one !== role));
            }}
          />
        ))}
      </div>
      {!decision.ok &&
        decision.problems.map((problem) => (
          <Note key={problem} tone="stop">
            {t(`operators.problem.${problem}`)}
          </Note>
        ))}
    </fieldset>
  );
}
