import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { forbidCoreDumps } from '../../../src/main/core-dumps.ts';
import { connectChannel } from '../../../src/channel/socket-channel.ts';
import { startCardHost, type RunningCardHost } from '../../support/card-host.ts';

const running: RunningCardHost[] = [];
const start = async (...options: Parameters<typeof startCardHost>): Promise<RunningCardHost> => {
  const host = await startCardHost(...options);
  running.push(host);
  await host.event((event) => event.kind === 'host' && event.isRunning);
  return host;
};
afterEach(async () => {
  for (const host of running.splice(0)) await host.stop();
});
const codeOf = (result: { readonly ok: boolean; readonly failure?: { readonly code: string } }) =>
  result.ok ? 'done' : result.failure?.code;

describe('the card host', () => {
  it('says what it has: link, token, mailer and what could not be loaded', async () => {
    const { host } = await start({ pcsc: false, mailer: { kind: 'device', path: '/nowhere/lp0' } });
    const answer = await host.ask({ kind: 'status' });
    expect(answer.ok && answer.value.status).toEqual({
      link: 'none',
      isServiceRunning: false,
      missing: [],
      readers: [],
      token: { kind: 'training', label: '', isReady: true },
      mailer: { kind: 'device', isReady: false },
    });
  });

  it('that was killed in the middle of native code is started again, and what was under way is answered CARD_HOST_FAILED', async () => {
    const { host, supervisor, event, events } = await start({ pcsc: false });
    const before = supervisor.current()!.pid;
    const from = events.length;
    process.kill(before, 'SIGSEGV');
    const lost = await Promise.all([host.ask({ kind: 'status' }), host.ask({ kind: 'status' })]);
    expect(lost.map(codeOf)).toEqual(['CARD_HOST_FAILED', 'CARD_HOST_FAILED']);
    await event((each) => each.kind === 'host' && !each.isRunning, from);
    await event((each) => each.kind === 'host' && each.isRunning, from);
    await expect.poll(() => supervisor.current()?.pid ?? before).not.toBe(before);
    expect(codeOf(await host.ask({ kind: 'status' }))).toBe('done');
  });

  it('that stands still is killed by the shell and started again', async () => {
    const { supervisor, event, events } = await start({ pcsc: false });
    const from = events.length;
    const before = supervisor.current()!.pid;
    process.kill(before, 'SIGSTOP');
    await event((each) => each.kind === 'host' && !each.isRunning, from).catch(() => undefined);
    await event((each) => each.kind === 'host' && each.isRunning, from);
    await expect.poll(() => supervisor.current()?.pid ?? before).not.toBe(before);
  }, 40_000);

  it('answers what breaks its schema with a refusal, and leaves a peer that speaks without numbers', async () => {
    const { folder, host } = await start({ pcsc: false });
    host.close();
    const { supervisor } = running[0]!;
    await expect.poll(() => supervisor.current() !== undefined).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const channel = await connectChannel(path.join(folder, 'channel', 's'));
    const answers: unknown[] = [];
    channel.onMessage((message) => answers.push(message));
    const closed = new Promise<void>((resolve) => channel.onClose(resolve));
    channel.send({ id: 1, kind: 'format_disk' });
    channel.send({ id: 2, kind: 'read_card', readerName: '' });
    channel.send({ id: 3, kind: 'wipe', readerName: 'x', chipSerialHex: 'zz', cardSerial: 'A' });
    await expect.poll(() => answers.length).toBe(3);
    expect(answers).toEqual([1, 2, 3].map((id) => ({ kind: 'failed', id, code: 'CARD_HOST_FAILED', params: {} })));
    channel.send('nothing');
    await closed;
  });

  it('leaves no memory on the disk when it dies: the prohibition of the shell holds in it', async () => {
    expect(forbidCoreDumps()).toBe(true);
    const { supervisor } = await start({ pcsc: false });
    const limits = readFileSync(`/proc/${supervisor.current()!.pid}/limits`, 'utf8');
    expect(limits).toMatch(/^Max core file size +([01]) +\1 +bytes/mu);
  });

  it('without readers says so for every request at a reader, and a cancel of nothing is done', async () => {
    const { host } = await start({ pcsc: false });
    expect(codeOf(await host.ask({ kind: 'read_card', readerName: 'any' }))).toBe('LINK_MISSING');
    expect(codeOf(await host.ask({ kind: 'cancel', readerName: 'any' }))).toBe('done');
  });
});
