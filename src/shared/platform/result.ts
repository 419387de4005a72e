/** An expected outcome as a value. `Failure` codes are those of the contract; text is made on the screen. */
export type Result<T, F = Failure> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: F };

export interface Failure {
  /** A `FailureCode` of the contract (an M-id or an error code). */
  readonly code: string;
  /** Values for the sentence; never personal data. */
  readonly params?: Readonly<Record<string, string | number>>;
  readonly retryable?: boolean;
}

export function succeed<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

export function fail(
  code: string,
  params: Readonly<Record<string, string | number>> = {},
  retryable = false,
): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure: { code, params, retryable } };
}
