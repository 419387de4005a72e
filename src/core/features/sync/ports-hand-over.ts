import type { Failure, Result } from '../../../shared/platform/result.ts';

/** How much waits here that the registry has not answered. */
export interface Unsent {
  readonly acts: number;
  readonly attachments: number;
  readonly attachmentBytes: number;
}

/** Files that a person carries away. */
export interface HandOverPort {
  /** Where they go; absolute. Set in the desk's configuration and never by the screen, which may be hostile. */
  readonly folder: string;
  readonly exporter: {
    count(): Unsent;
    /** Why no file can be written now. */
    findStop(): Failure | null;
    write(
      out: (bytes: Uint8Array) => Promise<void>,
      onProgress: (doneBytes: number, totalBytes: number) => void,
    ): Promise<Result<Unsent & { readonly sizeBytes: number; readonly sha256: string }, Failure>>;
  };
  /** What support is told beside what the database says: numbers, codes and words of this program, nothing of any person. */
  facts(): HelpFacts;
}

export interface HelpFacts {
  readonly sync: object;
  /** Of the configuration: what is set, without paths, names and keys. */
  readonly settings: Readonly<Record<string, string | number | boolean>>;
  readonly freeBytes: number | null;
  readonly logLines: readonly string[];
}
