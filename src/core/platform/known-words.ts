import { errorCodes } from '../../shared/contract/base.ts';
import { deskContract } from '../../shared/contract/index.ts';
import { commandKinds } from '../../shared/registry-api/envelope.ts';
import { messageCodes } from '../../shared/rules/rule-codes.ts';
import { findClassOfAnswer } from '../../shared/rules/sync-answers.ts';
import { clockEventKinds } from '../../shared/rules/trusted-time.ts';

/**
 * The words of this program itself. A code that a registry, a printer or a library gives might be anything, a person's name too; what is on no list here is not
 * handed to support.
 */
const plainCodes: ReadonlySet<string> = new Set([
  ...['', 'OK', 'APPLIED', 'CONFLICT', 'REJECTED', 'DEFERRED', 'BLOCKED', 'INVALID', 'SENT_AGAIN', 'HEALING', 'REFUSED'],
  ...['ENOSPC', 'EDQUOT', 'EIO', 'EACCES', 'EPERM', 'ENOENT', 'EROFS', 'EPIPE', 'ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT'],
  ...['SQLITE_FULL', 'SQLITE_IOERR', 'SQLITE_CORRUPT', 'SQLITE_NOTADB', 'SQLITE_BUSY', 'SQLITE_CONSTRAINT', 'SQLITE_READONLY'],
  ...messageCodes,
  ...Object.keys(errorCodes),
]);

/** The code, or OTHER. */
export function knownCode(code: string): string {
  return plainCodes.has(code) || findClassOfAnswer(code) !== undefined ? code : 'OTHER';
}

export const knownOperations: ReadonlySet<string> = new Set(
  Object.entries(deskContract).flatMap(([noun, operations]) => Object.keys(operations).map((name) => `${noun}.${name}`)),
);

export const knownKinds: ReadonlySet<string> = new Set([...commandKinds, ...clockEventKinds]);
