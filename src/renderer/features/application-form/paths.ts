import type { ApplicationData } from '../../../shared/rules/application-data.ts';

/** Reads the value under a dotted path; undefined where there is none. */
export function valueAt(data: ApplicationData, path: string): unknown {
  let value: unknown = data;
  for (const part of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[part];
  }
  return value;
}

/** The data with another value under a dotted path; everything beside the path stays the same object. */
export function withValueAt(data: ApplicationData, path: string, value: unknown): ApplicationData {
  // The path names a field of the form, so what comes out has the shape of what went in.
  return replaced(data, path.split('.'), value) as ApplicationData;
}

function replaced(target: unknown, parts: readonly string[], value: unknown): unknown {
  const [head, ...rest] = parts;
  if (head === undefined) return value;
  if (Array.isArray(target)) {
    const list = target as readonly unknown[];
    return list.map((item, index) => (String(index) === head ? replaced(item, rest, value) : item));
  }
  const record = typeof target === 'object' && target !== null ? (target as Readonly<Record<string, unknown>>) : {};
  return { ...record, [head]: replaced(record[head], rest, value) };
}
