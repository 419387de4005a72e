import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface SoftToken {
  readonly modulePath: string;
  readonly label: string;
  readonly pin: string;
  /** For the process that loads the module. */
  readonly environment: { readonly SOFTHSM2_CONF: string };
  remove(): void;
}

const modules = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so',
  '/usr/local/lib/softhsm/libsofthsm2.so',
];

/** A SoftHSM2 token of its own in a temporary folder. */
export function createSoftToken(label = 'Qeyd kart mərkəzi'): SoftToken {
  const folder = mkdtempSync(path.join(tmpdir(), 'qeyd-token-'));
  mkdirSync(path.join(folder, 'tokens'));
  const conf = path.join(folder, 'softhsm2.conf');
  writeFileSync(conf, `directories.tokendir = ${path.join(folder, 'tokens')}\nobjectstore.backend = file\nlog.level = ERROR\n`);
  const modulePath = modules.find((file) => existsSync(file));
  if (modulePath === undefined) throw new Error('softhsm2 is not installed');
  const environment = { SOFTHSM2_CONF: conf };
  const pin = '73910428';
  const made = spawnSync('softhsm2-util', ['--init-token', '--free', '--label', label, '--pin', pin, '--so-pin', '11223344'], {
    env: { ...process.env, ...environment },
    encoding: 'utf8',
  });
  if (made.status !== 0) throw new Error(`softhsm2-util: ${made.stderr}`);
  return { modulePath, label, pin, environment, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
