/**
 * The answer of a `decide*` rule that may say no: the caller must look before it uses the value. `error` is a code or a list of them. An
 * operation's answer to the screen is the `Result` of platform/result.ts, which carries a failure of the contract.
 */
export type Decision<Value, Reason> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly error: Reason };

export function ok<Value>(value: Value): { readonly ok: true; readonly value: Value } {
  return { ok: true, value };
}

export function fail<Reason>(error: Reason): { readonly ok: false; readonly error: Reason } {
  return { ok: false, error };
}
