/** One figure of the program, beside what it is held against. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What is demanded: of the ratio where a peer was measured in the same run, else of the value. */
  readonly limit: number;
  /** Product ÷ peer or theory of the same run; without a peer value ÷ limit. */
  readonly ratio: number;
  /** Whether the demand is a floor or a ceiling, and of what. */
  readonly demand: 'ratio at least' | 'value at least' | 'value at most';
  readonly note?: string;
}

/** Each `*.bench.ts` exports one function of this kind by the name `bench`. */
export type Bench = () => Promise<readonly Figure[]>;

export function isMet(figure: Figure): boolean {
  if (figure.demand === 'ratio at least') return figure.ratio >= figure.limit;
  return figure.demand === 'value at least' ? figure.value >= figure.limit : figure.value <= figure.limit;
}

export function atLeast(name: string, value: number, unit: string, limit: number, note?: string): Figure {
  return { name, value, unit, limit, ratio: value / limit, demand: 'value at least', ...(note === undefined ? {} : { note }) };
}

export function atMost(name: string, value: number, unit: string, limit: number, note?: string): Figure {
  return { name, value, unit, limit, ratio: value / limit, demand: 'value at most', ...(note === undefined ? {} : { note }) };
}

export function ratioAtLeast(name: string, value: number, unit: string, ratio: number, limit: number, note?: string): Figure {
  return { name, value, unit, limit, ratio, demand: 'ratio at least', ...(note === undefined ? {} : { note }) };
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function quantile(values: readonly number[], at: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * at))] ?? NaN;
}
