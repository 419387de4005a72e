import type { CardCommandKind } from '../../shared/registry-api/card-commands.ts';
import type { Effect } from '../intake/effect.ts';
import * as steps from './card-steps.ts';
import { claim, issue } from './claim-and-issue.ts';
import * as packages from './packages.ts';
import * as pinRequests from './pin-requests.ts';
import { takeIn, writeOffCard } from './stock.ts';

/** What each kind of command about cards does. */
export const cardEffects: { readonly [K in CardCommandKind]: Effect<K> } = {
  'card.claim': claim,
  'card.issue': issue,
  'card.personalised': steps.personalised,
  'card.match': steps.match,
  'card.spoil': steps.spoil,
  'card.dispatch': steps.dispatch,
  'card.receive': steps.receive,
  'card.return': steps.returnCard,
  'card.block': steps.block,
  'card.pin_reissue': steps.pinReissue,
  'stock.take_in': takeIn,
  'stock.write_off': writeOffCard,
  'package.prepare': packages.prepare,
  'package.dispatch': packages.dispatchPackage,
  'package.arrive': packages.arrive,
  'package.sign_act': packages.signAct,
  'package.record': packages.record,
  'package.check': packages.check,
  'package.confirm': packages.confirm,
  'package.return': packages.returnPackage,
  'pin.request': pinRequests.request,
  'pin.sign_contract': pinRequests.signContract,
  'pin.scan': pinRequests.scan,
  'pin.send': pinRequests.send,
  'pin.renewed': pinRequests.renewed,
  'pin.back': pinRequests.back,
  'pin.hand_over': pinRequests.handOver,
  'pin.refuse': pinRequests.refuse,
  'pin.archive': pinRequests.archive,
};

/** Judged by the card's own state and not by what was seen of the case; they take no lease and make nobody's knowledge of the case stale. */
export const cardKindsOfCase: readonly CardCommandKind[] = [
  'card.claim',
  'card.issue',
  'card.personalised',
  'card.match',
  'card.spoil',
  'card.dispatch',
  'card.receive',
  'card.return',
  'card.block',
  'card.pin_reissue',
];
