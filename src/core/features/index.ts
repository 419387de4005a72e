import type { DeskConfig } from '../../shared/platform/desk-config.ts';
import type { CardHost } from '../cards/ports.ts';
import type { Desk, Projection } from '../desk.ts';
import type { EventBus } from '../platform/event-bus.ts';
import { createPasswordHash, type PasswordCost } from '../platform/password-hash.ts';
import type { DeskHandlers, Handlers } from '../rpc/handlers.ts';
import type { SessionPort } from '../rpc/session-port.ts';
import { createApplicationFeature, type PaperFacts, type ScanFacts } from './application/index.ts';
import { createCardServiceFeature } from './card-service/index.ts';
import { createAuditFeature, type VerifyAudit } from './audit/index.ts';
import { createIncidentFeature } from './incident/index.ts';
import { createDispatchFeature } from './dispatch/index.ts';
import { createPackageFeature, type PackagePapers } from './package/index.ts';
import { createOperatorFeature } from './operator/index.ts';
import { createPinRequestFeature, type PinPapers } from './pin-request/index.ts';
import { createProductionFeature, type ProductionParts } from './production/index.ts';
import { createRegisterFeature, type DayRegisterPaper } from './register/index.ts';
import { createSessionFeature } from './session/index.ts';
import { createSystemFeature, type SystemFacts } from './system/index.ts';
import { createTrainingFeature, type TrainingPort } from './training/index.ts';

/** What the features need from outside: the parts of the machine and the nouns that others implement. */
export interface FeatureParts {
  readonly config: Pick<DeskConfig, 'idleLockMs' | 'training'>;
  readonly bus: Pick<EventBus, 'subscribe'>;
  readonly facts: SystemFacts;
  readonly verifyAudit: VerifyAudit;
  /** Null in production. */
  readonly training: TrainingPort | null;
  readonly paper: DayRegisterPaper & PackagePapers & PinPapers & { readonly handlers: Handlers<'paper'>; readonly facts: PaperFacts };
  /** Readers, cards and the token; answers CARD_HOST_FAILED where the desk has none. */
  readonly cards: CardHost;
  readonly scan: { readonly handlers: Handlers<'scan'>; readonly facts: ScanFacts };
  readonly production: Omit<ProductionParts, 'host'>;
  readonly sync: Handlers<'sync'>;
  readonly storage: Handlers<'storage'>;
  /** Lighter in tests. */
  readonly passwordCost?: PasswordCost;
}

export interface Features {
  readonly handlers: DeskHandlers;
  /** For the sync worker, in this order. */
  readonly projections: readonly Projection[];
  readonly sessions: SessionPort;
  /** The program begins to work: one that was not closed before is told of. */
  noteStart(): void;
  /** It is closed in order. */
  noteStop(): void;
  /** Before the database is closed. */
  stop(): void;
}

/** Puts the features of a desk together. They meet in the desk and in these ports, never in each other's inside. */
export function createFeatures(desk: Desk, parts: FeatureParts): Features {
  const { idleLockMs, training } = parts.config;
  const passwords = createPasswordHash(parts.passwordCost);
  const incident = createIncidentFeature(desk);
  const { cards } = parts;
  const operator = createOperatorFeature(desk, passwords, cards, (): string => session.sessions.card()?.readerName ?? '');
  const session = createSessionFeature(desk, idleLockMs, training?.operators ?? [], operator.ownPassword, passwords, cards);
  const application = createApplicationFeature(desk, parts.paper.facts, parts.scan.facts, passwords, cards);
  const pinRequests = createPinRequestFeature({ desk, papers: parts.paper, scans: parts.scan.facts, cards });
  const packages = createPackageFeature(
    {
      desk,
      papers: parts.paper,
      vouch: (login, password) => session.vouch(login, password, 'authorised_officer'),
    },
    pinRequests.arrive,
  );
  const cardService = createCardServiceFeature(desk, cards);
  const production = createProductionFeature(desk, { ...parts.production, host: parts.cards });
  const dispatch = createDispatchFeature(desk, parts.paper);
  return {
    handlers: {
      system: createSystemFeature(desk, parts.bus, idleLockMs, parts.facts, () => incident.countOpen()),
      session: session.handlers,
      operator: operator.handlers,
      application: application.handlers,
      package: packages.handlers,
      pinRequest: pinRequests.handlers,
      paper: parts.paper.handlers,
      scan: parts.scan.handlers,
      register: createRegisterFeature(application.context, parts.paper),
      production: production.handlers,
      dispatch: dispatch.handlers,
      sync: parts.sync,
      storage: parts.storage,
      incident: incident.handlers,
      card: cardService.handlers,
      audit: createAuditFeature(desk, async () => {
        const verified = await parts.verifyAudit();
        if (verified.ok && verified.value.firstBadSeq !== null) incident.noteAuditGap(verified.value.firstBadSeq);
        return verified;
      }),
      training: createTrainingFeature(desk, parts.training),
    },
    projections: [
      operator.projection,
      application.projection,
      packages.projection,
      pinRequests.projection,
      production.projection,
      dispatch.projection,
      incident.projection,
    ],
    sessions: session.sessions,
    noteStart: () => {
      incident.noteStart();
    },
    noteStop: () => {
      incident.noteStop();
    },
    stop: () => {
      session.stop();
      cardService.stop();
      production.stop();
    },
  };
}

export type { DayRegisterPaper } from './register/index.ts';
export type { PaperFact, PaperFacts, ScanFact, ScanFacts } from './application/index.ts';
export type { TrainingPort, VirtualCards } from './training/index.ts';
