import { flatten } from './flatten.ts';
import { checks } from './en/checks.ts';
import { messages } from './en/messages.ts';
import { states } from './en/states.ts';
import { terms } from './en/terms.ts';

/** Every English text under its flat key; one line for each area. */
export const en = {
  ...flatten('checks', checks),
  ...flatten('messages', messages),
  ...flatten('states', states),
  ...flatten('terms', terms),
};
