import { useEffect } from 'react';
import { desk, failureOf, queries, queryClient } from '../desk-client/index.ts';

const tellEveryMs = 30_000;
const checkEveryMs = 5_000;

/** Tells the engine about real input, at most every 30 s, and locks when its clock has run out. The engine locks by itself too. */
export function useIdleLock(isOn: boolean): void {
  useEffect(() => {
    if (!isOn) return undefined;
    let toldAtMs = 0;
    let lockAtMs = Number.POSITIVE_INFINITY;
    const tell = (): void => {
      if (Date.now() - toldAtMs < tellEveryMs) return;
      toldAtMs = Date.now();
      desk.session.touch().then(
        (answer) => {
          lockAtMs = answer.lockAtMs;
        },
        (error: unknown) => {
          const { code } = failureOf(error);
          if (code === 'LOCKED' || code === 'NOT_SIGNED_IN')
            void queryClient.invalidateQueries({ queryKey: queries.session.current.key() });
        },
      );
    };
    const check = (): void => {
      if (Date.now() < lockAtMs) return;
      lockAtMs = Number.POSITIVE_INFINITY;
      void lockNow();
    };
    tell();
    const timer = setInterval(check, checkEveryMs);
    window.addEventListener('keydown', tell);
    window.addEventListener('pointerdown', tell);
    return () => {
      clearInterval(timer);
      window.removeEventListener('keydown', tell);
      window.removeEventListener('pointerdown', tell);
    };
  }, [isOn]);
}

/** Blanks the screen first and asks afterwards: nothing may stay in sight because the engine is slow. */
export async function lockNow(): Promise<void> {
  const key = queries.session.current.queryKey();
  queryClient.setQueryData(key, (session) => (session === null || session === undefined ? session : { ...session, isLocked: true }));
  try {
    queryClient.setQueryData(key, await desk.session.lock());
  } catch {
    // The screen stays blank; unlocking asks the engine in any case.
  }
}
