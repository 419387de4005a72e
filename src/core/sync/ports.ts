/** Files that follow their commands to the registry, kept by the scan feature. */
export interface PendingAttachment {
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly mediaType: string;
  /** What the registry is known to have. */
  readonly sentBytes: number;
}

/** Where the exchange gets attachments from. Every call is synchronous and short; `markProgress` commits before it returns. */
export interface AttachmentSource {
  /** Oldest first. */
  listPending(): readonly PendingAttachment[];
  /** Exactly `lengthBytes` bytes from `offsetBytes`; at most 256 KiB are asked for. */
  readPiece(sha256: string, offsetBytes: number, lengthBytes: number): Uint8Array;
  /** The registry holds `sentBytes`; complete when equal to the size. It may go back to 0 when the registry dropped the pieces. */
  markProgress(sha256: string, sentBytes: number): void;
}
