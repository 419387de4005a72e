import { flatten } from './flatten.ts';
import { checks } from './ru/checks.ts';
import { messages } from './ru/messages.ts';
import { states } from './ru/states.ts';
import { terms } from './ru/terms.ts';
import { frame } from './ru/frame.ts';
import { signIn } from './ru/sign-in.ts';
import { list } from './ru/list.ts';
import { home } from './ru/home.ts';
import { nextActions } from './ru/next-actions.ts';
import { keys } from './ru/keys.ts';
import { sync } from './ru/sync.ts';
import { storage } from './ru/storage.ts';
import { recovery } from './ru/recovery.ts';
import { incidents } from './ru/incidents.ts';
import { register } from './ru/register.ts';
import { operators } from './ru/operators.ts';
import { audit } from './ru/audit.ts';
import { training } from './ru/training.ts';
import { form } from './ru/form.ts';
import { caseTexts } from './ru/case.ts';
import { paper } from './ru/paper.ts';
import { scan } from './ru/scan.ts';
import { acts } from './ru/acts.ts';
import { packages } from './ru/packages.ts';
import { pins } from './ru/pins.ts';
import { reasons } from './ru/reasons.ts';
import { fields } from './ru/fields.ts';
import { cards } from './ru/cards.ts';
import { errors } from './ru/errors.ts';
import { production, productionActs, productionErrors } from './ru/production.ts';
import { dispatch } from './ru/dispatch.ts';
import { pinWindow } from './ru/pin-window.ts';
import { cardErrors } from './ru/card-errors.ts';

/** Every Russian text under its flat key; one line for each area. */
export const ru = {
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
