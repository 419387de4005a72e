import { ORPCError } from '@orpc/client';
import { errorCodes, type ErrorCode } from '../../shared/contract/base.ts';

/** Why an operation failed, ready to be said in words. */
export interface Failure {
  readonly code: string;
  readonly params: Readonly<Record<string, string | number>>;
  readonly isRetryable: boolean;
  readonly incidentId: string | undefined;
  readonly kind: 'domain' | 'environment' | 'bug';
}

export function coreUnavailable(): ORPCError<'CORE_UNAVAILABLE', { params: Record<string, never>; retryable: true }> {
  return new ORPCError('CORE_UNAVAILABLE', { data: { params: {}, retryable: true }, defined: true });
}

export function failureOf(error: unknown): Failure {
  if (error instanceof ORPCError) {
    const { code, data } = error as ORPCError<string, unknown>;
    if (Object.hasOwn(errorCodes, code)) return { code, ...readData(data), kind: errorCodes[code as ErrorCode] };
    return /^M-\d+$/u.test(code) ? { code, ...readData(data), kind: 'domain' } : { code: 'INTERNAL', ...readData(data), kind: 'bug' };
  }
  // The link went away while the call was under way.
  return { code: 'CORE_UNAVAILABLE', params: {}, isRetryable: true, incidentId: undefined, kind: 'environment' };
}

function readData(data: unknown): Pick<Failure, 'params' | 'isRetryable' | 'incidentId'> {
  const record = typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : {};
  const params = typeof record['params'] === 'object' && record['params'] !== null ? (record['params'] as Failure['params']) : {};
  return {
    params,
    isRetryable: record['retryable'] === true,
    incidentId: typeof record['incidentId'] === 'string' ? record['incidentId'] : undefined,
  };
}

/** The registry may or may not have done it: the same command id must be used again. */
export function isOutcomeOpen(failure: Failure): boolean {
  return failure.code === 'OUTCOME_UNKNOWN' || failure.code === 'CORE_UNAVAILABLE' || failure.isRetryable;
}
