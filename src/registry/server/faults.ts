import { faultSchema, type Faults } from '../../shared/registry-api/endpoints.ts';

export type Register = Faults['outages'][number];

/** What goes wrong on purpose. Only a registry started with faults allowed ever changes them. */
export interface FaultSwitch {
  get(): Faults;
  set(next: Partial<Faults>): Faults;
  isOut(register: Register): boolean;
  /** Takes one from a counted fault; false when none is left or the path is not the one that was meant. */
  take(fault: 'loseAnswers' | 'breakAnswers' | 'failActivations', path?: string): boolean;
  takeFailure(path: string): { status: number; retryAfterS: number | undefined } | null;
  onChange(listener: (faults: Faults) => void): void;
}

export function makeFaultSwitch(): FaultSwitch {
  let faults = faultSchema.parse({});
  const listeners: ((faults: Faults) => void)[] = [];
  const isMeant = (path: string) => (faults.onlyPath === '' ? !path.startsWith('/v1/sync/changes') : path.startsWith(faults.onlyPath));
  return {
    get: () => faults,
    set(next) {
      faults = faultSchema.parse(next);
      for (const listener of listeners) listener(faults);
      return faults;
    },
    isOut: (register) => faults.outages.includes(register),
    take(fault, path) {
      if (faults[fault] === 0 || (path !== undefined && !isMeant(path))) return false;
      faults = { ...faults, [fault]: faults[fault] - 1 };
      return true;
    },
    takeFailure(path) {
      const { failWith } = faults;
      if (failWith === null || failWith.times <= 0 || (faults.onlyPath !== '' && !isMeant(path))) return null;
      faults = { ...faults, failWith: failWith.times === 1 ? null : { ...failWith, times: failWith.times - 1 } };
      return { status: failWith.status, retryAfterS: failWith.retryAfterS };
    },
    onChange: (listener) => {
      listeners.push(listener);
    },
  };
}
