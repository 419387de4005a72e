import { expect, it } from 'vitest';
import { createPasswordHash } from './password-hash.ts';

it('by default a hash is argon2id with 64 MiB, three passes and one lane', async () => {
  expect(await createPasswordHash().make('uzun bir cümlə')).toMatch(/^\$argon2id\$v=19\$m=65536,t=3,p=1\$/);
});

it('a letter matches however it was typed, and nothing else does', async () => {
  const light = createPasswordHash({ memoryKib: 1024, passes: 1 });
  const made = await light.make('cümlə'.normalize('NFD'));
  expect(await light.matches(made, 'cümlə'.normalize('NFC'))).toBe(true);
  expect(await light.matches(made, 'cumlə')).toBe(false);
  expect(await light.make('cümlə')).not.toBe(made);
});
