import { describe, expect, it } from 'vitest';
import { exchangeWithFollowUp, fitToT0 } from './follow-up.ts';

const hex = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));

/** A card that gives these answers one after the other. */
function play(...answers: string[]) {
  const sent: string[] = [];
  const send = (apdu: Uint8Array) => {
    sent.push(Buffer.from(apdu).toString('hex'));
    return Promise.resolve(hex(answers[sent.length - 1] ?? '6F00'));
  };
  return { sent, exchange: async (apdu: string) => Buffer.from(await exchangeWithFollowUp(hex(apdu), send)).toString('hex') };
}

describe('what a card has left to say', () => {
  it('an answer without 61xx or 6Cxx is the answer', async () => {
    const { sent, exchange } = play('0102 9000');
    expect(await exchange('00CA01A0 00')).toBe('01029000');
    expect(sent).toEqual(['00ca01a000']);
  });

  it('61xx: is fetched until it is all there, and comes as one answer', async () => {
    const { sent, exchange } = play('AA 6102', 'BBCC 6101', 'DD 9000');
    expect(await exchange('10CA0000 00')).toBe('aabbccdd9000');
    expect(sent).toEqual(['10ca000000', '00c0000002', '00c0000001']);
  });

  it('6Cxx: the command is said again with the length it names, with or without a length before', async () => {
    for (const [command, again] of [
      ['00B00000 FF', '00b0000010'],
      ['00A40000', '00a4000010'],
      ['00A40000 02 3F00', '00a40000023f0010'],
      ['00A40000 02 3F00 00', '00a40000023f0010'],
    ] as const) {
      const { sent, exchange } = play('6C10', '01 9000');
      expect(await exchange(command)).toBe('019000');
      expect(sent[1]).toBe(again);
    }
  });

  it('6Cxx after 61xx is followed too, and an error in between is the answer with what came before it', async () => {
    const one = play('6105', '6C03', '010203 9000');
    expect(await one.exchange('00CA0000 00')).toBe('0102039000');
    const two = play('AA 6105', '6982');
    expect(await two.exchange('00CA0000 00')).toBe('aa6982');
  });

  it('a card that never ends is not followed for ever', async () => {
    let count = 0;
    const answer = await exchangeWithFollowUp(hex('00CA000000'), () => {
      count += 1;
      return Promise.resolve(Buffer.concat([Buffer.alloc(255), hex('61FF')]));
    });
    expect(count).toBeLessThan(300);
    expect(answer.length).toBeLessThan(70_000);
  });

  it('T=0: only a command with data and length goes out without its length', () => {
    const fitted = (text: string) => Buffer.from(fitToT0(hex(text))).toString('hex');
    expect(fitted('00A40000 02 3F00 00')).toBe('00a40000023f00');
    for (const same of ['00A40000', '00B00000FF', '00A40000023F00', '00D60000 00 0002 0102 0000'])
      expect(fitted(same)).toBe(Buffer.from(hex(same)).toString('hex'));
  });
});
