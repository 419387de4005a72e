export interface ShownFailure {
  readonly code: string;
  readonly params: Readonly<Record<string, string>>;
}

/** Reads what the shell put behind the `#` of the address: `code` and the values of its sentence. */
export function readFailure(hash: string): ShownFailure {
  const { code = 'CORE_CRASHED', ...params } = Object.fromEntries(new URLSearchParams(hash.replace(/^#/, '')));
  return { code, params };
}
