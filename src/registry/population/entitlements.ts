import { createHash } from 'node:crypto';
import type { SigningKind } from '../../shared/rules/vocabulary.ts';

/** The right to an Asan ID, as the body says that has the contract. Source: AID-02, X-06 */
export interface Entitlement {
  readonly contractingBody: string;
  readonly contractNumber: string;
  readonly validUntilOn: string;
  readonly kinds: readonly SigningKind[];
}

const body = 'Sınaq Rəqəmsal Xidmətlər Agentliyi';
const longOn = '2035-12-31';

function right(number: number, kinds: readonly SigningKind[], validUntilOn = longOn): Entitlement {
  return { contractingBody: body, contractNumber: `SRX-${String(number).padStart(4, '0')}`, validUntilOn, kinds };
}

/** The cast. QYD0009 and QYD0011 have no right, the contract of QYD0010 has run out. */
const ofCast: Readonly<Record<string, Entitlement | null>> = {
  QYD0001: right(1, ['PER']),
  QYD0002: right(2, ['PER', 'BUS']),
  QYD0003: right(3, ['PER', 'BUS']),
  QYD0004: right(4, ['PER', 'BUS', 'STA']),
  QYD0005: right(5, ['PER', 'STA']),
  QYD0006: right(6, ['PER']),
  QYD0007: right(7, ['PER', 'BUS']),
  QYD0008: right(8, ['PER', 'BUS']),
  QYD0009: null,
  QYD0010: right(10, ['PER'], '2025-12-31'),
  QYD0011: null,
  QYD003: right(12, ['PER']),
  QYD04: right(13, ['PER']),
  QYD05: null,
};

/** One person of the generated population in five has no right; which one depends on the FİN alone. */
export function findEntitlement(fin: string): Entitlement | null {
  if (fin in ofCast) return ofCast[fin] ?? null;
  const [draw = 0, number = 0] = new Uint16Array(createHash('sha256').update(fin).digest().buffer, 0, 2);
  return draw % 5 === 0 ? null : right(1000 + (number % 9000), ['PER', 'BUS', 'STA']);
}
