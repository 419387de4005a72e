import { flatten } from './flatten.ts';
import { checks } from './en/checks.ts';
import { messages } from './en/messages.ts';
import { states } from './en/states.ts';
import { terms } from './en/terms.ts';
import { frame } from './en/frame.ts';
import { signIn } from './en/sign-in.ts';
import { list } from './en/list.ts';
import { home } from './en/home.ts';
import { nextActions } from './en/next-actions.ts';
import { keys } from './en/keys.ts';
import { sync } from './en/sync.ts';
import { storage } from './en/storage.ts';
import { recovery } from './en/recovery.ts';
import { incidents } from './en/incidents.ts';
import { register } from './en/register.ts';
import { operators } from './en/operators.ts';
import { audit } from './en/audit.ts';
import { training } from './en/training.ts';
import { form } from './en/form.ts';
import { caseTexts } from './en/case.ts';
import { paper } from './en/paper.ts';
import { scan } from './en/scan.ts';
import { acts } from './en/acts.ts';
import { packages } from './en/packages.ts';
import { pins } from './en/pins.ts';
import { reasons } from './en/reasons.ts';
import { fields } from './en/fields.ts';
import { cards } from './en/cards.ts';
import { errors } from './en/errors.ts';
import { production, productionActs, productionErrors } from './en/production.ts';
import { dispatch } from './en/dispatch.ts';
import { pinWindow } from './en/pin-window.ts';
import { cardErrors } from './en/card-errors.ts';

/** Every English text under its flat key; one line for each area. */
export const en = {
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
