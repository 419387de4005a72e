import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

/** Which desk a command-line tool works on, and the key of its database. */
export interface ToolDesk {
  readonly deskId: string;
  readonly dataFolder: string;
  readonly file: string;
  readonly keyHex: string;
}

/** `[--config desk.json] [--data folder] [--desk id] [--key-file file]`, for `parseArgs`. */
export const deskArguments = {
  config: { type: 'string' },
  data: { type: 'string' },
  desk: { type: 'string' },
  'key-file': { type: 'string' },
} as const;
export type DeskArguments = { readonly [Name in keyof typeof deskArguments]?: string | undefined };

const configSchema = z.object({ desk: z.object({ id: z.string() }), dataFolder: z.string() });

/**
 * The desk that the arguments name; without them the training desk. The key: a training desk's owner-only key file beside its database. A
 * production desk's key never leaves the operating system's secret store; there an authorised export of it as 64 hex digits is given in
 * `--key-file`.
 */
export function readToolDesk(values: DeskArguments): ToolDesk {
  const configPath = values.config ?? path.join('.run', 'training', 'desk.json');
  const needsConfig = values.data === undefined || values.desk === undefined;
  const config = needsConfig ? configSchema.parse(JSON.parse(readFileSync(configPath, 'utf8'))) : null;
  const dataFolder = values.data ?? path.resolve(path.dirname(configPath), config?.dataFolder ?? '');
  const deskId = values.desk ?? config?.desk.id ?? '';
  return { deskId, dataFolder, file: path.join(dataFolder, 'desk.db'), keyHex: readKey(dataFolder, values['key-file']) };
}

function readKey(dataFolder: string, keyFile: string | undefined): string {
  if (keyFile !== undefined) return readFileSync(keyFile, 'utf8').trim();
  const secrets = z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(path.join(dataFolder, 'secrets.json'), 'utf8')));
  const key = Buffer.from(secrets['database-key'] ?? '', 'base64');
  if (key.length !== 32) throw new Error('the database key is wrapped by the operating system; use --key-file');
  return key.toString('hex');
}
