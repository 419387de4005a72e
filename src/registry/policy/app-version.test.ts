import { expect, it } from 'vitest';
import { isAppTooOld } from './app-version.ts';

it('compares versions by number', () => {
  expect(isAppTooOld('0.9.9', '0.10.0')).toBe(true);
  expect(isAppTooOld('0.10.0', '0.9.9')).toBe(false);
  expect(isAppTooOld('1.2.3', '1.2.3')).toBe(false);
  expect(isAppTooOld('1.2.3-beta.1', '1.2.3')).toBe(false);
  expect(isAppTooOld('nightly', '0.0.1')).toBe(true);
});
