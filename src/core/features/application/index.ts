import { noCardHost, type CardHost } from '../../cards/ports.ts';
import type { Desk, Projection } from '../../desk.ts';
import { createPasswordHash, type PasswordHash } from '../../platform/password-hash.ts';
import { succeed } from '../../../shared/platform/result.ts';
import type { Handlers } from '../../rpc/handlers.ts';
import { allowPassport } from './allow-passport.ts';
import { confirmHolder, matchCard, testCard, waiveCardTest } from './card-hand-over.ts';
import { archive, confirmContractSigned, enterScans, handOver, reportCorrected, sendScans } from './closing-acts.ts';
import type { ApplicationContext } from './case.ts';
import { confirmBearer, correct, createApplication, giveConsent, saveDraft, setSecretAnswer } from './draft.ts';
import { refuse, withdraw } from './ending.ts';
import { claim, claimIfFree, release } from './lease.ts';
import { get, home, list, reveal, search } from './lists.ts';
import { nameAttendee } from './attendee.ts';
import { adopt, lookUp } from './look-up.ts';
import { activate, askOutcome, send } from './online-acts.ts';
import type { PaperFacts, ScanFacts } from './ports.ts';
import { createApplicationProjection } from './projection.ts';

export type { PaperFact, PaperFacts, ScanFact, ScanFacts } from './ports.ts';
export type { ApplicationContext } from './case.ts';
export { maskName } from './view.ts';

export interface ApplicationFeature {
  readonly handlers: Handlers<'application'>;
  readonly projection: Projection;
  readonly context: ApplicationContext;
}

export function createApplicationFeature(
  desk: Desk,
  papers: PaperFacts,
  scans: ScanFacts,
  passwords: PasswordHash = createPasswordHash(),
  cards: CardHost = noCardHost(),
): ApplicationFeature {
  const context: ApplicationContext = {
    desk,
    papers,
    scans,
    passwords,
    dataFacts: new Map(),
    searching: new Set(),
    opened: { sessionId: '', cases: new Set() },
  };
  const handlers: Handlers<'application'> = {
    home: (_input, call) => home(context, call),
    list: (input, call) => list(context, call, input),
    search: (input, call) => search(context, call, input),
    get: (input, call) => get(context, call, input),
    reveal: (input, call) => reveal(context, call, input),
    create: (input, call) => createApplication(context, call, input),
    saveDraft: (input, call) => saveDraft(context, call, input),
    confirmBearer: (input, call) => confirmBearer(context, call, input),
    nameAttendee: (input, call) => nameAttendee(context, call, input),
    lookUp: (input, call) => lookUp(context, call, input),
    adopt: (input, call) => adopt(context, call, input),
    giveConsent: (input, call) => giveConsent(context, call, input),
    setSecretAnswer: (input, call) => setSecretAnswer(context, call, input),
    allowPassport: (input, call) => allowPassport(context, call, input),
    send: (input, call) => send(context, call, input),
    askOutcome: (input, call) => askOutcome(context, call, input.applicationId),
    correct: (input, call) => correct(context, call, input),
    confirmContractSigned: (input, call) => confirmContractSigned(context, call, input),
    activate: (input, call) => activate(context, call, input, false),
    async activateBySupport(input, call) {
      await claimIfFree(context, call, input.applicationId);
      return activate(context, call, input, true);
    },
    confirmHolder: (input, call) => confirmHolder(context, call, input),
    matchCard: (input, call) => matchCard(context, call, input),
    async cardReaders() {
      const answered = await cards.ask({ kind: 'status' });
      return succeed({ readers: answered.ok ? answered.value.status.readers.map(({ name }) => name) : [] });
    },
    testCard: (input, call) => testCard(context, cards, call, input),
    waiveCardTest: (input, call) => waiveCardTest(context, call, input),
    handOver: (input, call) => handOver(context, call, input),
    async sendScans(input, call) {
      await claimIfFree(context, call, input.applicationId);
      return sendScans(context, call, input);
    },
    async enterScans(input, call) {
      await claimIfFree(context, call, input.applicationId);
      return enterScans(context, call, input);
    },
    archive: (input, call) => archive(context, call, input),
    refuse: (input, call) => refuse(context, call, input),
    withdraw: (input, call) => withdraw(context, call, input),
    claim: (input, call) => claim(context, call, input.applicationId),
    release: (input, call) => release(context, call, input.applicationId),
    reportCorrected: (input, call) => reportCorrected(context, call, input),
  };
  return { handlers, projection: createApplicationProjection(context), context };
}
