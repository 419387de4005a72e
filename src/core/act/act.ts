import type { ActorSignature } from '../../shared/registry-api/card-session.ts';
import type { AggregateType, AttachmentRef, AuthMethod, CommandKind, CommandPayload } from '../../shared/registry-api/envelope.ts';
import type { DeskEvent } from '../../shared/contract/system.ts';
import type { Failure, Result } from '../../shared/platform/result.ts';
import type { Role } from '../../shared/rules/vocabulary.ts';
import type { Tx } from '../storage/database.ts';

/** Who acts; copied into the audit row and the signed command. */
export interface Actor {
  readonly operatorId: string;
  readonly login: string;
  readonly fullName: string;
  readonly role: Role;
  readonly sessionId: string;
  readonly authMethod: AuthMethod;
}

/** A command for the registry, before it is numbered and signed inside the act's transaction. */
export type CommandDraft = {
  [K in CommandKind]: {
    readonly kind: K;
    readonly payload: CommandPayload<K>;
    readonly aggregate: { readonly type: AggregateType; readonly key: string };
    readonly baseRev: number | null;
    readonly leaseToken: number;
    /** Of a further command, where its act is shown under an id of its own; else one is made. The act's first command carries the act's id. */
    readonly commandId?: string;
    readonly attachments?: readonly AttachmentRef[];
    /** Made by the giver's own card over exactly this order, under the id of the act. */
    readonly actorSignature?: ActorSignature;
    /** The urgent lane goes out before everything else and passes every queued command of its aggregate. */
    readonly lane?: 'urgent' | 'normal';
  };
}[CommandKind];

export interface ActEffects<T> {
  readonly value: T;
  readonly audit: {
    readonly act: string;
    readonly applicationId?: string;
    /** No personal data in clear: codes, counts, hashes, numbers of papers. */
    readonly detail: Readonly<Record<string, string | number | boolean>>;
  };
  /** Queueable commands; the first carries the act's own commandId, further ones get ids of their own. */
  readonly outbox?: readonly CommandDraft[];
  /** An online-only act: written before it is sent, asked again under the same id until its outcome is known. */
  readonly intent?: CommandDraft;
  /** Published after the commit. */
  readonly events?: readonly DeskEvent[];
}

/**
 * Runs one act in ONE synchronous immediate transaction: known `commandId` → the stored value, nothing done again (same id with another
 * input → COMMAND_REUSED); else `decide`; then domain rows (written by `decide` through `tx`), outbox rows or the intent, the audit row and
 * the remembered commandId are committed together or not at all. A refused `decide` writes nothing. After the commit the events go out.
 */
export interface ActRunner {
  perform<T>(
    request: { readonly commandId: string; readonly operation: string; readonly actor: Actor; readonly input: unknown },
    decide: (tx: Tx) => Result<ActEffects<T>, Failure>,
  ): Result<T, Failure>;
  /** Whether an act of this id was committed here, so that nobody is asked a second time to sign it. */
  isKnown(commandId: string): boolean;
  /** An audited fact that has no commandId of its own (a reveal, a sign-in, a spooler answer). Same transaction rules. */
  record<T>(actor: Actor | null, decide: (tx: Tx) => ActEffects<T>): T;
}
