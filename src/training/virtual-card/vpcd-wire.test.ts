import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from './apdu.ts';
import { AnswerSplitter, frameAnswer, VpcdReceiver } from './vpcd-wire.ts';

const receive = (...chunks: string[]): string[] => {
  const receiver = new VpcdReceiver();
  return chunks.flatMap((chunk) =>
    [...receiver.push(fromHex(chunk))].map((message) => (message.kind === 'command' ? `command ${toHex(message.apdu)}` : message.kind)),
  );
};

describe('the vpcd protocol', () => {
  it('tells power commands from command APDUs, however the bytes come', () => {
    expect(receive('000100', '000101', '000102', '000104', '000107')).toEqual(['power_off', 'power_on', 'reset', 'ask_atr', 'unknown']);
    expect(receive('000500B0000000')).toEqual(['command 00B0000000']);
    expect(receive('0001010005', '00B0000000000104')).toEqual(['power_on', 'acknowledge', 'command 00B0000000', 'ask_atr']);
    expect(receive('00', '0500', 'B00000', '00')).toEqual(['command 00B0000000']);
  });

  it('sends the early byte when exactly the length of a command has come, and for nothing else', () => {
    expect(receive('0005', '00B0000000')).toEqual(['acknowledge', 'command 00B0000000']);
    expect(receive('00', '05', '00B0000000')).toEqual(['acknowledge', 'command 00B0000000']);
    expect(receive('0001', '04')).toEqual(['ask_atr']);
    expect(receive('000500', 'B0000000')).toEqual(['command 00B0000000']);
  });

  it('frames an answer whose first byte may have been sent', () => {
    expect(toHex(frameAnswer(fromHex('9000'), false))).toBe('00029000');
    expect(toHex(frameAnswer(fromHex('9000'), true))).toBe('029000');
  });

  it('hands out an answer that is too long in two, byte for byte', () => {
    const splitter = new AnswerSplitter();
    const data = Uint8Array.from({ length: 256 }, (_, index) => index);
    const first = splitter.split(Uint8Array.of(...data, 0x90, 0x00));
    expect(first).toHaveLength(255);
    expect(toHex(first.slice(-2))).toBe('6103');
    const rest = splitter.take(fromHex('00C0000003'));
    expect(toHex(rest!)).toBe(`${toHex(data.slice(253))}9000`);
    expect(splitter.take(fromHex('00C0000003'))).toBeNull();
  });

  it('hands the rest out in smaller pieces too, and gives it up for another command', () => {
    const splitter = new AnswerSplitter();
    const long = Uint8Array.of(...new Uint8Array(256).fill(7), 0x90, 0x00);
    splitter.split(long);
    expect(toHex(splitter.take(fromHex('00C0000001'))!)).toBe('076102');
    expect(toHex(splitter.take(fromHex('00C0000000'))!)).toBe('07079000');
    splitter.split(long);
    expect(splitter.take(fromHex('00B0000000'))).toBeNull();
    expect(splitter.take(fromHex('00C0000003'))).toBeNull();
    const short = fromHex(`${'07'.repeat(253)}9000`);
    expect(splitter.split(short)).toEqual(short);
  });
});
