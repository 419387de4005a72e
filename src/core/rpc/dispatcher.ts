import { implement, ORPCError, ValidationError, type Router } from '@orpc/server';
import type { OperationMeta, WireErrorData } from '../../shared/contract/base.ts';
import { deskContract, type DeskContract } from '../../shared/contract/index.ts';
import type { Failure, Result } from '../../shared/platform/result.ts';
import type { Call, Desk } from '../desk.ts';
import type { DeskHandlers } from './handlers.ts';
import type { SessionPort } from './session-port.ts';
import type { TokenBucket } from './token-bucket.ts';
import type { StorageFaultCode } from '../storage/failures.ts';

/** One per connected screen. */
export interface ConnectionContext {
  readonly bucket: TokenBucket;
}
type CallContext = ConnectionContext & { readonly call: Call };

export type DeskRouter = Router<DeskContract, ConnectionContext>;

/** Operations slower than this are named in the log. */
export const slowOperationMs = 40;

/** All that an operator may do before he changed a password that somebody else knows. */
const nounsBeforeNewPassword: readonly string[] = ['session', 'system'];

/** A refusal on its way to the screen: thrown only inside the dispatcher. */
class Refusal extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.code);
    this.failure = failure;
  }
}

/**
 * The one path of every operation: rate, session, lock, permission, input, handler, output, typed error, timing. A screen can do no more than
 * its operator may; a bug is answered with an incident id and written to the log once, without inputs or outputs.
 */
export function createRouter(desk: Pick<Desk, 'clock' | 'random' | 'log'>, handlers: DeskHandlers, sessions: SessionPort): DeskRouter {
  const bare = implement(deskContract).$context<ConnectionContext>();

  const dispatch = bare.middleware(async ({ context, next, path, procedure, signal }) => {
    const operation = path.join('.');
    const startedMs = desk.clock.monotonicMs();
    const correlationId = desk.random.uuid();
    try {
      const call = admit(context, procedure['~orpc'].meta, path[0] ?? '', correlationId, signal ?? new AbortController().signal);
      return await next({ context: { call } });
    } catch (error) {
      throw toWireError(error, operation, correlationId);
    } finally {
      const tookMs = desk.clock.monotonicMs() - startedMs;
      if (tookMs > slowOperationMs) desk.log.info('rpc.slow', { operation, tookMs: Math.round(tookMs), correlationId });
    }
  });

  function admit(context: ConnectionContext, meta: OperationMeta, noun: string, correlationId: string, signal: AbortSignal): Call {
    if (!context.bucket.take()) throw new Refusal({ code: 'TOO_MANY_REQUESTS', retryable: true });
    const session = sessions.current();
    if (session === 'OPERATOR_DISABLED' && meta.access !== 'anyone') throw new Refusal({ code: 'OPERATOR_DISABLED' });
    const active = session === 'OPERATOR_DISABLED' ? null : session;
    if (active === null) {
      if (meta.access !== 'anyone') throw new Refusal({ code: 'NOT_SIGNED_IN' });
      return { actor: null, permissions: new Set(), correlationId, signal };
    }
    if (active.isLocked && meta.whileLocked !== true) throw new Refusal({ code: 'LOCKED' });
    if (active.mustChangePassword && !nounsBeforeNewPassword.includes(noun)) throw new Refusal({ code: 'PASSWORD_MUST_CHANGE' });
    if (meta.access !== 'anyone' && meta.access !== 'signed_in' && !active.permissions.has(meta.access)) {
      throw new Refusal({ code: 'FORBIDDEN', params: { permission: meta.access } });
    }
    return { actor: active.actor, permissions: active.permissions, correlationId, signal };
  }

  function toWireError(error: unknown, operation: string, correlationId: string): ORPCError<string, WireErrorData> {
    if (error instanceof Refusal) {
      const { code, params = {}, retryable = false } = error.failure;
      return wireError(code, { params, retryable });
    }
    if (error instanceof ORPCError && error.code === 'BAD_REQUEST') {
      return wireError('BAD_REQUEST', { params: { field: firstIssuePath(error.cause) }, retryable: false });
    }
    const incidentId = correlationId;
    const storageCode = findStorageCode(error);
    desk.log.error('rpc.failed', withoutData(error, operation), { operation, incidentId });
    return wireError(storageCode ?? 'INTERNAL', { params: {}, retryable: storageCode !== null, incidentId });
  }

  // Before the operations are made from it: so the door stands before the parsing of the input, and around that of the output.
  const guarded = bare.use(dispatch);

  const implementNoun = (noun: string, operations: Record<string, unknown>) => {
    const entries = Object.entries(operations).map(([name, handler]) => [name, implementOperation(noun, name, handler)] as const);
    return Object.fromEntries(entries);
  };
  const implementOperation = (noun: string, name: string, handler: unknown) => {
    // The contract is walked by name here; `DeskHandlers` has already checked every pair of operation and handler.
    const nouns = guarded as unknown as Record<string, Record<string, UntypedImplementer> | undefined>;
    const implementer = nouns[noun]?.[name];
    if (implementer === undefined) throw new Error(`${noun}.${name} is not in the contract`);
    const run = handler as (input: unknown, call: Call) => Result<unknown, Failure> | Promise<Result<unknown, Failure>>;
    return implementer.handler(async ({ input, context }) => {
      const result = await run(input, context.call);
      if (!result.ok) throw new Refusal(result.failure);
      return result.value;
    });
  };

  const router = Object.fromEntries(Object.entries(handlers).map(([noun, operations]) => [noun, implementNoun(noun, operations)]));
  return router as unknown as DeskRouter;
}

interface UntypedImplementer {
  handler(run: (options: { readonly input: unknown; readonly context: CallContext }) => Promise<unknown>): unknown;
}

function wireError(code: string, data: WireErrorData): ORPCError<string, WireErrorData> {
  return new ORPCError(code, { message: code, data });
}

/** Dotted names of fields only; a value never leaves in an error. */
function firstIssuePath(cause: unknown): string {
  const issues = cause instanceof ValidationError ? cause.issues : [];
  const path = issues[0]?.path ?? [];
  return path
    .map((part) => String(typeof part === 'object' ? part.key : part))
    .join('.')
    .slice(0, 120);
}

/** A full disk and a failing one are the machine's business and may pass; everything else that is thrown is a bug. */
function findStorageCode(error: unknown): StorageFaultCode | null {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'DISK_FULL') return 'DISK_FULL';
  if (code.startsWith('SQLITE_BUSY') || code === 'DATABASE_BUSY') return 'DATABASE_BUSY';
  return code.startsWith('SQLITE_IOERR') || code === 'STORAGE_FAILED' ? 'STORAGE_FAILED' : null;
}

/** An output that broke its schema carries the whole answer as its cause: only the places are kept. */
function withoutData(error: unknown, operation: string): unknown {
  if (error instanceof ORPCError && error.cause instanceof ValidationError) {
    const places = error.cause.issues.map((issue) =>
      (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.'),
    );
    return new Error(`the answer of ${operation} breaks its schema at ${places.slice(0, 5).join(', ')}`);
  }
  return error;
}
