/**
 * The answer of a validator. A value is never altered silently: whatever normalising did, and whatever is odd without being
 * wrong, stands in `notes`. A suggestion is only a proposal for the person at the screen and is itself valid.
 */
export type CheckResult<Code extends string, Note extends string = never> = CheckAccepted<Note> | CheckRefused<Code>;

/** A value in its normalised form. */
export interface CheckAccepted<Note extends string> {
  readonly ok: true;
  readonly value: string;
  readonly notes: readonly Note[];
}

/** A value that cannot be taken, with the reason as a code; `params` are for the sentence that is made of it. */
export interface CheckRefused<Code extends string> {
  readonly ok: false;
  readonly code: Code;
  readonly suggestion?: string;
  readonly params?: Readonly<Record<string, string>>;
}

/** An accepted value. */
export function accepted<Note extends string>(value: string, notes: readonly Note[] = []): CheckAccepted<Note> {
  return { ok: true, value, notes };
}

/** A refused value; `extra` may hold a suggestion and parameters. */
export function refused<Code extends string>(
  code: Code,
  extra: { readonly suggestion?: string | undefined; readonly params?: Readonly<Record<string, string>> } = {},
): CheckRefused<Code> {
  return {
    ok: false,
    code,
    ...(extra.suggestion === undefined ? {} : { suggestion: extra.suggestion }),
    ...(extra.params === undefined ? {} : { params: extra.params }),
  };
}
