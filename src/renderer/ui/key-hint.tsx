import { bindingOf, comboForPeople, type CommandId } from '../keys.ts';

/** The key of a command, in the corner of its button. Hidden from names: the button is called by its word. */
export function KeyHint({ id }: { readonly id: CommandId }) {
  return <kbd aria-hidden="true">{comboForPeople(bindingOf(id).combo)}</kbd>;
}
export function shortcutOf(id: CommandId): string {
  return bindingOf(id).combo.replace(/(?:Key|Digit)(?=.$)/u, '');
}
