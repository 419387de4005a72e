import { expect, it } from 'vitest';
import { createTurns } from './turns.ts';

it('the work of one name runs one after the other, also after a failure; another name does not wait', async () => {
  const takeTurn = createTurns();
  const said: string[] = [];
  const work = (word: string, isBad = false) =>
    takeTurn('leyla', async () => {
      said.push(`${word} begins`);
      await new Promise((resolve) => setTimeout(resolve, 5));
      said.push(`${word} ends`);
      if (isBad) throw new Error(word);
    });
  const bad = work('first', true);
  const good = work('second');
  await takeTurn('rashad', () => Promise.resolve(said.push('other')));
  await expect(bad).rejects.toThrow('first');
  await good;
  expect(said).toEqual(['first begins', 'other', 'first ends', 'second begins', 'second ends']);
});
