/** Why a file of unsent acts is not taken. Nothing of it has happened then. */
export const queueFileErrors = {
  NO_REGISTRY: 'there is no registry in this folder, or it has no key for such files yet; start it once',
  FILE_MISSING: 'the file cannot be read',
  NOT_A_QUEUE_FILE: 'this is no file of unsent acts',
  FILE_TRUNCATED: 'the file is cut off: it was not copied whole',
  FILE_CHANGED: 'the file is not as the desk wrote it: bytes were changed, exchanged or added',
  FILE_UNREADABLE: 'the file holds something that this program does not know, or breaks its own rules',
  OTHER_REGISTRY: 'the file was closed for another registry',
  DESK_UNKNOWN: 'this registry does not know the desk that the file names',
  OTHER_DESK: 'the file is of another desk than the one that was named, or holds acts of another desk',
  SIGNATURE_INVALID: 'the desk that the file names did not sign it',
  EPOCH_OLD: 'the desk has begun a newer life since it wrote the file; what it still has to send it sends itself',
  DESK_FORK: 'the file contradicts what this registry has of the desk: the desk was copied. Tell security; the file is evidence',
  AUDIT_FORK: 'the file contradicts the audit chain of the desk. Tell security; the file is evidence',
  FINGERPRINT_MISMATCH: 'an act of the file is on record with another content. Tell security; the file is evidence',
} as const;
export type QueueFileErrorCode = keyof typeof queueFileErrors;

export class QueueFileError extends Error {
  readonly code: QueueFileErrorCode;
  constructor(code: QueueFileErrorCode) {
    super(`${code}: ${queueFileErrors[code]}`);
    this.name = 'QueueFileError';
    this.code = code;
  }
}
