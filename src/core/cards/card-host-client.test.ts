import { describe, expect, it } from 'vitest';
import type { Channel, Clock } from '../../shared/platform/ports.ts';
import { createCardHostClient } from './card-host-client.ts';
import type { CardHostEvent } from './ports.ts';

interface PlayedChannel extends Channel {
  readonly sent: Record<string, unknown>[];
  answer(message: unknown): void;
  isClosed: boolean;
}

function playChannel(): PlayedChannel {
  let onMessage: (message: unknown) => void = () => undefined;
  const onClose: (() => void)[] = [];
  const channel: PlayedChannel = {
    sent: [],
    isClosed: false,
    send: (message) => void channel.sent.push(message as Record<string, unknown>),
    onMessage: (listener) => {
      onMessage = listener;
    },
    onClose: (listener) => void onClose.push(listener),
    close: () => {
      if (channel.isClosed) return;
      channel.isClosed = true;
      for (const tell of onClose) tell();
    },
    answer: (message) => onMessage(message),
  };
  return channel;
}

/** Time that a test moves by hand. */
function playClock(): Clock & { advance(ms: number): void } {
  let now = 0;
  let timers: { at: number; run: () => void }[] = [];
  return {
    nowMs: () => now,
    monotonicMs: () => now,
    schedule(delayMs, run) {
      const timer = { at: now + delayMs, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((each) => each !== timer);
      };
    },
    advance(ms) {
      now += ms;
      const due = timers.filter(({ at }) => at <= now);
      timers = timers.filter(({ at }) => at > now);
      for (const { run } of due) run();
    },
  };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 0));
const codeOf = (result: { ok: boolean; failure?: { code: string } }) => (result.ok ? 'done' : result.failure?.code);

async function begin() {
  const channels: PlayedChannel[] = [];
  const clock = playClock();
  let isThere = true;
  const events: CardHostEvent[] = [];
  const host = createCardHostClient(() => {
    if (!isThere) return Promise.reject(new Error('nobody listens'));
    const channel = playChannel();
    channels.push(channel);
    return Promise.resolve(channel);
  }, clock);
  host.onEvent((event) => events.push(event));
  await settle();
  return { host, clock, events, channels, setThere: (value: boolean) => (isThere = value) };
}

describe('the core’s side of the card host', () => {
  it('gives each answer to its question, whatever their order', async () => {
    const { host, channels } = await begin();
    const first = host.ask({ kind: 'cancel', readerName: 'a' });
    const second = host.ask({ kind: 'cancel', readerName: 'b' });
    const [channel] = channels;
    const ids = channel!.sent.map(({ id }) => id);
    channel!.answer({ kind: 'failed', id: ids[1], code: 'CARD_ABSENT', params: {} });
    channel!.answer({ kind: 'step', id: ids[0], apdus: 3, tookMs: 1 });
    expect([codeOf(await first), codeOf(await second)]).toEqual(['done', 'CARD_ABSENT']);
  });

  it.each([
    ['no message of the protocol', { kind: 'pin', value: '1234' }],
    ['a failure that nobody named', { kind: 'failed', id: 1, code: 'SOMETHING', params: {} }],
    ['a sight that is none', { kind: 'sight', id: 1, sight: { readerName: 'x' } }],
    ['an event that is none', { kind: 'event', event: { kind: 'service' } }],
  ])('%s ends the channel, and everything under way with it', async (_what, message) => {
    const { host, channels, events } = await begin();
    const asked = host.ask({ kind: 'status' });
    channels[0]!.answer(message);
    expect(codeOf(await asked)).toBe('CARD_HOST_FAILED');
    expect(channels[0]!.isClosed).toBe(true);
    expect(events).toContainEqual({ kind: 'host', isRunning: false });
  });

  it('an answer to another question is no answer, and one that comes late is nothing', async () => {
    const { host, channels } = await begin();
    const asked = host.ask({ kind: 'read_card', readerName: 'a' });
    channels[0]!.answer({ kind: 'step', id: channels[0]!.sent[0]!['id'], apdus: 0, tookMs: 0 });
    expect(codeOf(await asked)).toBe('CARD_HOST_FAILED');
    channels[0]!.answer({ kind: 'step', id: channels[0]!.sent[0]!['id'], apdus: 0, tookMs: 0 });
    expect(channels[0]!.isClosed).toBe(false);
  });

  it('does not wait for ever: status for seconds, the making of keys for minutes', async () => {
    const { host, clock } = await begin();
    const status = host.ask({ kind: 'status' });
    const keys = host.ask({ kind: 'keys', readerName: 'a', chipSerialHex: '00'.repeat(10), cardSerial: 'A', algorithm: 'rsa-2048' });
    let isKeysOver = false;
    void keys.then(() => (isKeysOver = true));
    clock.advance(20_000);
    expect(codeOf(await status)).toBe('CARD_HOST_FAILED');
    clock.advance(200_000);
    await settle();
    expect(isKeysOver).toBe(false);
    clock.advance(300_000);
    expect(codeOf(await keys)).toBe('CARD_HOST_FAILED');
  });

  it('a host that went is joined again with growing pauses; meanwhile every question is answered at once', async () => {
    const { host, clock, channels, events, setThere } = await begin();
    setThere(false);
    channels[0]!.close();
    expect(codeOf(await host.ask({ kind: 'status' }))).toBe('CARD_HOST_FAILED');
    for (const pause of [200, 400, 800]) {
      clock.advance(pause);
      await settle();
    }
    expect(channels).toHaveLength(1);
    setThere(true);
    clock.advance(1_600);
    await settle();
    expect(channels).toHaveLength(2);
    expect(events.filter(({ kind }) => kind === 'host').map((event) => event.kind === 'host' && event.isRunning)).toEqual([true, false, true]);
  });

  it('closed, it answers what waits and joins nobody any more', async () => {
    const { host, clock, channels } = await begin();
    const asked = host.ask({ kind: 'status' });
    host.close();
    expect(codeOf(await asked)).toBe('CARD_HOST_FAILED');
    clock.advance(60_000);
    await settle();
    expect([channels.length, channels[0]!.isClosed]).toEqual([1, true]);
  });
});
