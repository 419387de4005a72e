import type { CardPhotoAnswer } from '../shared/registry-api/card-entities.ts';
import type { CommandResult } from '../shared/registry-api/envelope.ts';
import type { CardChallenge, CertificateStatus } from '../shared/registry-api/card-session.ts';
import type {
  CardSignInAnswer,
  EntitlementAnswer,
  OperatorRecord,
  OrganisationAnswer,
  PersonAnswer,
  RegistryInfo,
  SimAnswer,
} from '../shared/registry-api/endpoints.ts';
import type { DeskEvent, LinkState, QueueState } from '../shared/contract/system.ts';
import type { Clock, Randomness } from '../shared/platform/ports.ts';
import type { Failure, Result } from '../shared/platform/result.ts';
import type { OfflineVerdict } from '../shared/rules/offline-limits.ts';
import type { Permission, SigningKind } from '../shared/rules/vocabulary.ts';
import type { ActRunner, Actor } from './act/act.ts';
import type { Database } from './storage/database.ts';

/** What a desk is; read from its configuration file. */
export interface DeskIdentity {
  readonly mode: 'training' | 'production';
  readonly officeId: string;
  /** Short code printed in document numbers, e.g. BAK1. */
  readonly officeCode: string;
  readonly officeName: string;
  readonly deskId: string;
  /** Two digits printed in document numbers. */
  readonly deskCode: string;
  readonly appVersion: string;
}

/** Allow-list logger: only these fields can be written, so personal data has no way in. */
export interface Log {
  info(event: string, fields?: Readonly<Record<string, string | number | boolean>>): void;
  warn(event: string, fields?: Readonly<Record<string, string | number | boolean>>): void;
  error(event: string, error: unknown, fields?: Readonly<Record<string, string | number | boolean>>): void;
}

/**
 * The registry as features see it. Every call needs the link and fails with REGISTRY_UNREACHABLE (retryable), REGISTRY_ANSWER_INVALID, or the
 * registry's own code. `queryId` makes a look-up traceable on both sides.
 */
export interface RegistryPort {
  info(): RegistryInfo | null;
  lookUpPerson(query: {
    queryId: string;
    fin: string;
    documentKind: string;
    documentNumber: string;
    birthOn: string;
    /** Also the picture: only where a card is asked for. */
    wantsPhoto?: boolean;
  }): Promise<Result<PersonAnswer, Failure>>;
  lookUpOrganisation(query: { queryId: string; voen: string }): Promise<Result<OrganisationAnswer, Failure>>;
  lookUpSim(query: { queryId: string; phone: string; iccid: string }): Promise<Result<SimAnswer, Failure>>;
  lookUpEntitlement(query: {
    queryId: string;
    fin: string;
    voen: string;
    kinds: SigningKind[];
  }): Promise<Result<EntitlementAnswer, Failure>>;
  /** The picture for the face of a card; PHOTO_MISSING when there is none. */
  cardPhoto(applicationId: string): Promise<Result<CardPhotoAnswer, Failure>>;
  signIn(login: string, password: string): Promise<Result<OperatorRecord, Failure>>;
  /** Random bytes for a card to sign; `NOT_FOUND` from a registry that knows no cards. */
  cardChallenge(): Promise<Result<CardChallenge, Failure>>;
  /** `certificate` and `signature` in base64. */
  signInWithCard(answer: { challengeId: string; certificate: string; signature: string }): Promise<Result<CardSignInAnswer, Failure>>;
  certificateStatus(serials: readonly string[]): Promise<Result<{ certificates: CertificateStatus[]; atMs: number }, Failure>>;
  lease(
    applicationId: string,
    operatorLogin: string,
    release: boolean,
  ): Promise<Result<{ deskId: string; token: number; untilMs: number; rev: number }, Failure>>;
  dayCounts(on: string): Promise<Result<{ counts: Record<string, number>; commandIds: string[] }, Failure>>;
}

/** The queue as features see it. */
export interface SyncPort {
  link(): LinkState;
  queue(): QueueState;
  /** How near the bounds of working without the registry are. */
  limits(): OfflineVerdict;
  /** Jumps and drifts of the device clock that no supervisor has read yet. */
  clockAlerts(): number;
  /** The registry's clock minus ours; null until it was measured. */
  clockOffsetMs(): number | null;
  /** Sends a written intent now and waits for its recorded outcome. OUTCOME_UNKNOWN when the answer was lost; it is asked again by itself. */
  settleIntent(commandId: string): Promise<Result<CommandResult, Failure>>;
  /** A hint that something was queued or that a person pressed "send now". */
  wake(resetBackoff: boolean): void;
}

/** Applies what the registry answered or published to a feature's tables, inside the sync worker's own transaction. */
export interface Projection {
  /** The feed entities that `onChange` reads; without it every change is shown. What nobody reads is kept for a newer program. */
  readonly entities?: readonly string[];
  /**
   * Called once per outbox command or intent whose signed receipt was verified, in the transaction that stores the receipt; and with `invalid` and
   * no receipt when a command was set aside for a person.
   */
  onCommandResult?(
    tx: import('./storage/database.ts').Tx,
    command: { commandId: string; kind: string; aggregateKey: string; payload: unknown },
    result: CommandResult,
  ): DeskEvent[];
  /** Called for each change of its entity with a higher revision, in the transaction that stores the page and its cursor. */
  onChange?(
    tx: import('./storage/database.ts').Tx,
    change: {
      entity: string;
      id: string;
      rev: number;
      op: 'upsert' | 'tombstone';
      body: unknown;
      /** Everything is being read anew: this replaces what is known, whatever its revision. */
      isAnew: boolean;
      /** The body says more than this program knows: it is kept and shown again to a newer one. */
      keepForUpgrade(): void;
    },
  ): DeskEvent[];
}

/** Everything a feature may use. Features never import each other's inside; they meet here. */
export interface Desk {
  readonly identity: DeskIdentity;
  readonly clock: Clock;
  readonly random: Randomness;
  readonly log: Log;
  readonly db: Database;
  readonly acts: ActRunner;
  readonly registry: RegistryPort;
  readonly sync: SyncPort;
  /** Publishes to every connected screen. */
  publish(event: DeskEvent): void;
}

/** The caller of one operation, made by the dispatcher. `actor` is null only where the contract says `anyone`. */
export interface Call {
  readonly actor: Actor | null;
  readonly permissions: ReadonlySet<Permission>;
  readonly correlationId: string;
  readonly signal: AbortSignal;
}
