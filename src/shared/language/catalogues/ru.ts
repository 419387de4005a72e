import { flatten } from './flatten.ts';
import { checks } from './ru/checks.ts';
import { messages } from './ru/messages.ts';
import { states } from './ru/states.ts';
import { terms } from './ru/terms.ts';

/** Every Russian text under its flat key; one line for each area. */
export const ru = {
  ...flatten('checks', checks),
  ...flatten('messages', messages),
  ...flatten('states', states),
  ...flatten('terms', terms),
};
