import { pino, type DestinationStream } from 'pino';
import type { Log } from '../desk.ts';

/** Longer texts are cut: a log field is a code, a number or an id, never content. */
const longestText = 120;
/** Only these names pass; a field with another name is left out, so personal data has no way in by accident. */
const allowedFields = new Set([
  'action',
  'attempt',
  'code',
  'commandId',
  'commands',
  'correlationId',
  'count',
  'durationMs',
  'exitCode',
  'http',
  'incidentId',
  'kind',
  'name',
  'operation',
  'part',
  'path',
  'pid',
  'port',
  'reason',
  'seq',
  'sizeBytes',
  'state',
  'status',
  'tookMs',
  'version',
]);

/** Structured log lines on standard error or the given stream. Errors are written as name, code and stack without their message. */
export function createLog(destination: DestinationStream = standardError()): Log {
  const logger = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination);
  return {
    info: (event, fields) => logger.info(pick(fields), event),
    warn: (event, fields) => logger.warn(pick(fields), event),
    error: (event, error, fields) => logger.error({ ...pick(fields), ...describe(error) }, event),
  };
}

export function standardError(): DestinationStream {
  return pino.destination({ fd: 2, sync: true });
}

function pick(fields: Readonly<Record<string, string | number | boolean>> = {}): Record<string, string | number | boolean> {
  const picked: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (allowedFields.has(name)) picked[name] = typeof value === 'string' ? value.slice(0, longestText) : value;
  }
  return picked;
}

/** A message may quote data (a SQL constraint, a parse error), so only the places in the code are kept. */
function describe(error: unknown): Record<string, string> {
  if (!(error instanceof Error)) return { error: typeof error };
  const code = 'code' in error && typeof error.code === 'string' && /^[\w.-]{1,60}$/.test(error.code) ? error.code : '';
  const places = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return { error: error.name, code, stack: places.slice(0, 12).join('\n') };
}
