import { expect, it } from 'vitest';
import { isPasswordWeak } from './password.ts';

it.each([
  ['leyla-leyla-1', 'leyla', true],
  ['aaaaaaaaaaaa', 'leyla', true],
  ['ababababab12', 'leyla', true],
  ['uzun bir cümlə', 'leyla', false],
  ['Telim-2026-x', '', false],
])('%s for %s is weak: %s', (password, login, expected) => {
  expect(isPasswordWeak(password, login)).toBe(expected);
});
