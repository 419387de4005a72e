import { flatten } from './flatten.ts';
import { checks } from './az/checks.ts';
import { messages } from './az/messages.ts';
import { states } from './az/states.ts';
import { terms } from './az/terms.ts';

/** Every Azerbaijani text under its flat key; one line for each area. */
export const az = {
  ...flatten('checks', checks),
  ...flatten('messages', messages),
  ...flatten('states', states),
  ...flatten('terms', terms),
};
