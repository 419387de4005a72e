import type { DestinationStream } from 'pino';
import { knownCode, knownKinds, knownOperations } from './known-words.ts';

const longestTail = 400;

/** Keeps the newest lines of the log in memory beside wherever they go. */
export interface LogTail {
  readonly destination: DestinationStream;
  lines(): readonly string[];
}

export function createLogTail(destination: DestinationStream): LogTail {
  const lines: string[] = [];
  return {
    destination: {
      write: (line) => {
        lines.push(line);
        if (lines.length > longestTail) lines.shift();
        destination.write(line);
      },
    },
    lines: () => lines,
  };
}

const idShape = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/u;

/** What of a line may leave the desk: the logger lets in codes, numbers and ids, and here each must be one that this program knows. */
const isPlain: Readonly<Record<string, (text: string) => boolean>> = {
  time: (text) => /^\d{4}-\d\d-\d\dT[\d:.]+Z$/u.test(text),
  msg: (text) => /^[a-z_]{1,30}\.[a-z_]{1,40}$/u.test(text),
  commandId: (text) => idShape.test(text),
  correlationId: (text) => idShape.test(text),
  incidentId: (text) => idShape.test(text),
  kind: (text) => knownKinds.has(text),
  operation: (text) => knownOperations.has(text),
  error: (text) => /^(?:[A-Z][A-Za-z]{0,30})?(?:Error|Fault|Refusal|Failure)$/u.test(text),
};
const place = /^\s+at (?:(?:async )?([\w.$<>]+) )?\(?(?:.*[\\/])?([\w.-]+:\d+:\d+)\)?$/u;

export type LogFact = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** A line of the log without anything that is not a number, a code or a place in the code; undefined when it is no line of ours. */
export function readLogLine(line: string): LogFact | undefined {
  let entry: unknown;
  try {
    entry = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof entry !== 'object' || entry === null) return undefined;
  const fact: Record<string, string | number | boolean | readonly string[]> = {};
  for (const [name, value] of Object.entries(entry as Readonly<Record<string, unknown>>)) {
    if (typeof value === 'number' || typeof value === 'boolean') fact[name] = value;
    else if (typeof value !== 'string') continue;
    else if (name === 'code') fact[name] = knownCode(value);
    else if (name === 'stack') fact[name] = listPlaces(value);
    else if (isPlain[name]?.(value) === true) fact[name] = value;
  }
  return fact;
}

/** Folders are left out: the name of one may be somebody's. */
function listPlaces(stack: string): string[] {
  return stack.split('\n').flatMap((line) => {
    const found = place.exec(line);
    return found === null ? [] : [`${found[1] ?? ''} ${found[2] ?? ''}`.trim()];
  });
}
