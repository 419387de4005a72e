import { expect, it } from 'vitest';
import type { HostReport } from '../../shared/platform/host-messages.ts';
import type { Host } from './host.ts';
import { killWhenSilent } from './kill-when-silent.ts';

function playHost() {
  const reports: ((report: HostReport) => void)[] = [];
  let exit = (): void => undefined;
  let kills = 0;
  const host: Host = {
    send: () => undefined,
    onReport: (listener) => void reports.push(listener),
    onExit: (listener) => {
      exit = () => listener(0);
    },
    kill: () => {
      kills += 1;
    },
  };
  return { host, report: (report: HostReport) => reports.forEach((each) => each(report)), exit: () => exit(), kills: () => kills };
}
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const ready: HostReport = { type: 'ready', tookMs: 1, parts: {} };

it('a host that falls silent is killed, one that beats or has not begun is not', async () => {
  const silent = playHost();
  const beating = playHost();
  const starting = playHost();
  for (const { host } of [silent, beating, starting]) killWhenSilent(host, 60);
  silent.report(ready);
  beating.report(ready);
  for (let beat = 0; beat < 6; beat += 1) {
    await wait(20);
    beating.report({ type: 'heartbeat' });
  }
  expect([silent.kills(), beating.kills(), starting.kills()]).toEqual([1, 0, 0]);
  beating.exit();
  await wait(80);
  expect(beating.kills()).toBe(0);
});

it('a host that says it hangs is killed at once', () => {
  const hung = playHost();
  killWhenSilent(hung.host);
  hung.report({ type: 'hung' });
  expect(hung.kills()).toBe(1);
});
