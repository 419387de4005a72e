import type { CommandKind } from '../../shared/registry-api/envelope.ts';
import { cardEffects, cardKindsOfCase } from '../cards/card-effects.ts';
import { handleIncident } from '../incidents/handle-incident.ts';
import { bindOperatorCard } from '../operators/bind-card.ts';
import * as operators from '../operators/operator-acts.ts';
import type { Effect } from './effect.ts';
import { activateApplication } from './effects/activate.ts';
import { archive, beginHandOver, enterScans, handOver, sendScans, signContract } from './effects/case-steps.ts';
import { refuseApplication, withdrawApplication } from './effects/end-of-case.ts';
import { correctAct, reviewAct } from './effects/remarks.ts';
import { sendApplication } from './effects/send.ts';

/** What each kind of command does. */
export const effects: { readonly [K in CommandKind]: Effect<K> } = {
  'application.send': sendApplication,
  'application.activate': activateApplication,
  'application.sign_contract': signContract,
  'application.begin_hand_over': beginHandOver,
  'application.hand_over': handOver,
  'application.send_scans': sendScans,
  'application.enter_scans': enterScans,
  'application.archive': archive,
  'application.refuse': refuseApplication,
  'application.withdraw': withdrawApplication,
  'register.review': reviewAct,
  'register.correct': correctAct,
  'incident.handle': handleIncident,
  'operator.create': operators.createOperator,
  'operator.appoint': operators.appointOperator,
  'operator.disable': operators.disableOperator,
  'operator.enable': operators.enableOperator,
  'operator.reset_password': operators.resetPassword,
  'operator.unlock': operators.unlockOperator,
  'operator.bind_card': bindOperatorCard,
  'operator.change_password': operators.changePassword,
  ...cardEffects,
};

/** Remarks beside the acts of others: they neither need a lease nor rest on what was seen, nor make anybody's knowledge stale. */
export const remarkKinds: readonly CommandKind[] = [
  'register.review',
  'register.correct',
  'incident.handle',
  'operator.change_password',
  ...cardKindsOfCase,
];
