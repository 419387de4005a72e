import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { openReader } from '../storage/open-reader.ts';
import { verifyAudit } from './verify.ts';

/**
 * `npm run audit:verify -- [--config desk.json] [--data folder] [--desk id] [--key-file file]`: recomputes the audit chain of a desk, running or
 * not, and names the first bad row. Ends with 0 when the chain holds, 1 when it does not, 2 when it could not be read.
 * The key: a training desk's owner-only key file beside its database. A production desk's key never leaves the operating system's secret store;
 * there the auditor uses the audit page, or an authorised export of the key as 64 hex digits in `--key-file`.
 */
const { values } = parseArgs({
  options: { config: { type: 'string' }, data: { type: 'string' }, desk: { type: 'string' }, 'key-file': { type: 'string' } },
});
const configSchema = z.object({ desk: z.object({ id: z.string() }), dataFolder: z.string() });

try {
  process.exitCode = await verify();
} catch (error) {
  process.stderr.write(`The audit could not be read: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}

async function verify(): Promise<number> {
  const configPath = values.config ?? path.join('.run', 'training', 'desk.json');
  const needsConfig = values.data === undefined || values.desk === undefined;
  const config = needsConfig ? configSchema.parse(JSON.parse(readFileSync(configPath, 'utf8'))) : null;
  const folder = values.data ?? path.resolve(path.dirname(configPath), config?.dataFolder ?? '');
  const deskId = values.desk ?? config?.desk.id ?? '';
  const reader = await openReader(path.join(folder, 'desk.db'), readKey(folder));
  if (!reader.ok) throw new Error(reader.failure.code);
  const verdict = await verifyAudit(reader.value, deskId);
  reader.value.close();
  if (verdict.firstBadSeq === null) {
    process.stdout.write(`The audit chain of ${deskId} holds: ${verdict.rows} rows.\n`);
    return 0;
  }
  process.stdout.write(`The audit chain of ${deskId} is broken: the first bad row is ${verdict.firstBadSeq}; ${verdict.rows} rows before it hold.\n`);
  return 1;
}

function readKey(folder: string): string {
  const keyFile = values['key-file'];
  if (keyFile !== undefined) return readFileSync(keyFile, 'utf8').trim();
  const secrets = z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(path.join(folder, 'secrets.json'), 'utf8')));
  const key = Buffer.from(secrets['database-key'] ?? '', 'base64');
  if (key.length !== 32) throw new Error('the database key is wrapped by the operating system; use the audit page or --key-file');
  return key.toString('hex');
}
