/** A start that cannot succeed; `code` is one of the host report's codes, `describeStartFailure` turns it into a sentence and `params` fill it. */
export class StartFailure extends Error {
  readonly code: string;
  readonly params: Readonly<Record<string, string | number>>;
  constructor(code: string, params: Readonly<Record<string, string | number>> = {}) {
    super(code);
    this.name = 'StartFailure';
    this.code = code;
    this.params = params;
  }
}
