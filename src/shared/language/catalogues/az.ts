import { flatten } from './flatten.ts';
import { checks } from './az/checks.ts';
import { messages } from './az/messages.ts';
import { states } from './az/states.ts';
import { terms } from './az/terms.ts';
import { frame } from './az/frame.ts';
import { signIn } from './az/sign-in.ts';
import { list } from './az/list.ts';
import { home } from './az/home.ts';
import { nextActions } from './az/next-actions.ts';
import { keys } from './az/keys.ts';
import { sync } from './az/sync.ts';
import { storage } from './az/storage.ts';
import { recovery } from './az/recovery.ts';
import { incidents } from './az/incidents.ts';
import { register } from './az/register.ts';
import { operators } from './az/operators.ts';
import { audit } from './az/audit.ts';
import { training } from './az/training.ts';
import { form } from './az/form.ts';
import { caseTexts } from './az/case.ts';
import { paper } from './az/paper.ts';
import { scan } from './az/scan.ts';
import { acts } from './az/acts.ts';
import { packages } from './az/packages.ts';
import { pins } from './az/pins.ts';
import { reasons } from './az/reasons.ts';
import { fields } from './az/fields.ts';
import { cards } from './az/cards.ts';
import { errors } from './az/errors.ts';
import { production, productionActs, productionErrors } from './az/production.ts';
import { dispatch } from './az/dispatch.ts';
import { pinWindow } from './az/pin-window.ts';
import { cardErrors } from './az/card-errors.ts';

/** Every Azerbaijani text under its flat key; one line for each area. */
export const az = {
  ...flatten('checks', checks),
  ...flatten('pinWindow', pinWindow),
  ...flatten('messages', messages),
  ...flatten('states', states),
  ...flatten('terms', terms),
  ...flatten('frame', frame),
  ...flatten('signIn', signIn),
  ...flatten('list', list),
  ...flatten('home', home),
  ...flatten('next', nextActions),
  ...flatten('keys', keys),
  ...flatten('sync', sync),
  ...flatten('storage', storage),
  ...flatten('recovery', recovery),
  ...flatten('incidents', incidents),
  ...flatten('register', register),
  ...flatten('operators', operators),
  ...flatten('audit', audit),
  ...flatten('training', training),
  ...flatten('form', form),
  ...flatten('case', caseTexts),
  ...flatten('paper', paper),
  ...flatten('scan', scan),
  ...flatten('acts', acts),
  ...flatten('packages', packages),
  ...flatten('pins', pins),
  ...flatten('reasons', reasons),
  ...flatten('fields', fields),
  ...flatten('cards', cards),
  ...flatten('errors', errors),
  ...flatten('production', production),
  ...flatten('dispatch', dispatch),
  ...flatten('errors', productionErrors),
  ...flatten('acts', productionActs),
  ...flatten('errors', cardErrors),
};
