import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Where a registry keeps its things. Private keys are readable by their owner only. */
export function registryPaths(folder: string) {
  const keys = path.join(folder, 'keys');
  return {
    folder,
    keys,
    desks: path.join(folder, 'desks'),
    attachments: path.join(folder, 'attachments'),
    database: path.join(folder, 'registry.sqlite'),
    tlsCa: path.join(keys, 'tls-ca.crt.pem'),
    tlsCaKey: path.join(keys, 'tls-ca.key.pem'),
    server: path.join(keys, 'server.crt.pem'),
    serverKey: path.join(keys, 'server.key.pem'),
    expiredServer: path.join(keys, 'server-expired.crt.pem'),
    deskCa: path.join(keys, 'desk-ca.crt.pem'),
    deskCaKey: path.join(keys, 'desk-ca.key.pem'),
    certificationCa: path.join(keys, 'certification-ca.crt.pem'),
    certificationCaKey: path.join(keys, 'certification-ca.key.pem'),
    receiptKey: path.join(keys, 'receipt.key.pem'),
    cursorKey: path.join(keys, 'cursor.key'),
    attachmentKey: path.join(keys, 'attachments.key'),
    queueFileKey: path.join(keys, 'queue-file.key.pem'),
    /** `<key id>.key.pem` for each recovery key there ever was, `current` names the one that desks wrap for. */
    recoveryKeys: path.join(keys, 'recovery'),
  };
}
export type RegistryPaths = ReturnType<typeof registryPaths>;

/** Written whole or not at all, also when the program is killed or the power fails in between. */
export function writeOwnFile(file: string, content: string | Uint8Array, isSecret: boolean): void {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.new`;
  const opened = openSync(draft, 'w', isSecret ? 0o600 : 0o644);
  try {
    writeFileSync(opened, content);
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
  renameSync(draft, file);
}

export function readOwnFile(file: string): string {
  return readFileSync(file, 'utf8');
}

export function hasFile(file: string): boolean {
  return existsSync(file);
}
