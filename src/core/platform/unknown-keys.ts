/**
 * True when `raw` says something that `known`, which was read from it by a schema, does not: a newer registry has fields that this program does
 * not know. Only names are compared; what a schema changed in a value is its own affair.
 */
export function hasUnknownKeys(raw: unknown, known: unknown): boolean {
  if (Array.isArray(raw) && Array.isArray(known)) return raw.some((item, index) => hasUnknownKeys(item, known[index]));
  if (typeof raw !== 'object' || raw === null || typeof known !== 'object' || known === null) return false;
  const readable = known as Readonly<Record<string, unknown>>;
  return Object.entries(raw).some(([key, value]) => (value !== undefined && !(key in readable)) || hasUnknownKeys(value, readable[key]));
}
