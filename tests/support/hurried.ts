import type { RegistryTransport } from '../../src/core/sync/transport.ts';
import { languages } from '../../src/shared/language/language.ts';
import { findText } from '../../src/shared/language/catalogues/index.ts';
import type { Clock } from '../../src/shared/platform/ports.ts';
import { findClassOfAnswer, textIdOfClass } from '../../src/shared/rules/sync-answers.ts';

/**
 * Real sockets in a hurry: a clock that runs `speed` times as fast as the machine's, and a transport whose deadlines shrink with it, so that waits of
 * a quarter of an hour and deadlines of half a minute can be lived through on real connections.
 */
export function createHurriedClock(speed: number): Clock {
  const beganMs = Date.now();
  const beganMono = performance.now();
  const passedMs = (): number => (performance.now() - beganMono) * speed;
  return {
    nowMs: () => Math.round(beganMs + passedMs()),
    monotonicMs: passedMs,
    schedule: (delayMs, run) => {
      const timer = setTimeout(run, Math.min(Math.max(0, delayMs) / speed, 2_147_483_647));
      timer.unref();
      return () => {
        clearTimeout(timer);
      };
    },
  };
}

/** Deadlines shrink less than waits: the machine that runs the tests is not faster than others, and may be busy. */
export function hurriedDeadlineMs(timeoutMs: number): number {
  return Math.max(2500, timeoutMs / 10);
}

export function hurryTransport(inner: RegistryTransport, speed: number): RegistryTransport {
  return {
    send: (request) =>
      inner.send({
        ...request,
        path: request.path.replace(/wait_s=([\d.]+)/u, (_whole, waitS: string) => `wait_s=${Number(waitS) / speed}`),
        timeoutMs: hurriedDeadlineMs(request.timeoutMs),
      }),
    probe: () => inner.probe(),
    close: () => inner.close(),
  };
}

const areas = ['sync.answer.', 'messages.', 'errors.', 'fields.', 'checks.', 'reasons.'];

/** True when a person reads a sentence for this code, in every language. */
export function hasWords(code: string): boolean {
  const found = findClassOfAnswer(code);
  const keys = [...areas.map((area) => area + code), ...(found === undefined ? [] : [textIdOfClass(found)])];
  return languages.every((language) => keys.some((key) => findText(language, key) !== undefined));
}
