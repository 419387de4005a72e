import { expect, it } from 'vitest';
import { RegistryError } from '../server/registry-error.ts';
import { createQuotaKeeper } from './quota.ts';

function refusalOf(work: () => void): { status: number; retryAfterS: number | undefined } | null {
  try {
    work();
    return null;
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    return { status: error.status, retryAfterS: error.retryAfterS };
  }
}

it('a desk may use its quota at once, then as fast as it fills, and others are not held by it', () => {
  let nowMs = 1_000;
  const keeper = createQuotaKeeper({ requestsAtOnce: 3, requestsPerS: 1, commandsAtOnce: 100, commandsPerS: 10 }, () => nowMs);
  for (let asked = 0; asked < 3; asked += 1) expect(refusalOf(() => keeper.takeRequest('a'))).toBeNull();
  expect(refusalOf(() => keeper.takeRequest('a'))).toEqual({ status: 429, retryAfterS: 1 });
  expect(refusalOf(() => keeper.takeRequest('b'))).toBeNull();
  expect(refusalOf(() => keeper.takeCommands('a', 100))).toBeNull();
  expect(refusalOf(() => keeper.takeCommands('a', 50))).toEqual({ status: 429, retryAfterS: 5 });
  nowMs += 5_000;
  expect(refusalOf(() => keeper.takeCommands('a', 50))).toBeNull();
});

it('what is more than fits at once passes when nothing was used, and a clock set back neither fills nor empties', () => {
  let nowMs = 1_000_000;
  const keeper = createQuotaKeeper({ requestsAtOnce: 1, requestsPerS: 1, commandsAtOnce: 10, commandsPerS: 1 }, () => nowMs);
  expect(refusalOf(() => keeper.takeCommands('a', 50))).toBeNull();
  nowMs = 0;
  expect(refusalOf(() => keeper.takeCommands('a', 5))).toEqual({ status: 429, retryAfterS: 5 });
  nowMs = 5_000;
  expect(refusalOf(() => keeper.takeCommands('a', 5))).toBeNull();
});
