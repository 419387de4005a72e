import { describe, expect, it } from 'vitest';
import { CardFault } from './card-port.ts';
import { followUp } from './follow-up.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex').toUpperCase();
const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));

/** A card that gives these answers in turn, and what it was sent. */
function scripted(...answers: string[]): { send: (command: Uint8Array) => Promise<Uint8Array>; sent: string[] } {
  const sent: string[] = [];
  return { sent, send: async (command) => (sent.push(hex(command)), bytes(answers[sent.length - 1] ?? '')) };
}

describe('what a card still wants after its answer', () => {
  it('hands an ordinary answer on as it is', async () => {
    const { send, sent } = scripted('01029000');
    expect(hex(await followUp(bytes('00B0000002'), send))).toBe('01029000');
    expect(sent).toEqual(['00B0000002']);
  });

  it('fetches the rest until the card has no more, and keeps the last status word', async () => {
    const { send, sent } = scripted('AA6102', 'BB6101', 'CC9000');
    expect(hex(await followUp(bytes('102A9E9A0101 00'.replace(' ', '')), send))).toBe('AABBCC9000');
    expect(sent).toEqual(['102A9E9A010100', '00C0000002', '00C0000001']);
  });

  it('asks again with the length that the card named, once', async () => {
    const { send, sent } = scripted('6C14', '019000');
    expect(hex(await followUp(bytes('00CA01A001'), send))).toBe('019000');
    expect(sent).toEqual(['00CA01A001', '00CA01A014']);
    const again = scripted('6C14', '6C14');
    expect(hex(await followUp(bytes('00A4080002501501'), again.send))).toBe('6C14');
    expect(again.sent).toEqual(['00A4080002501501', '00A4080002501514']);
    const caseThree = scripted('6C14', '9000');
    await followUp(bytes('00A40800025015'), caseThree.send);
    expect(caseThree.sent[1]).toBe('00A4080002501514');
  });

  it('takes fewer than two bytes for a card that left', async () => {
    await expect(followUp(bytes('00B0000002'), scripted('').send)).rejects.toThrow(CardFault);
    await expect(followUp(bytes('00B0000002'), scripted('90').send)).rejects.toThrow('CARD_REMOVED');
  });

  it('ends with a card that never ends', async () => {
    await expect(followUp(bytes('00B0000002'), async () => bytes('6101'))).rejects.toThrow('TRANSPORT_FAILED');
  });
});
