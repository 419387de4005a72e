import { beforeEach, describe, expect, it } from 'vitest';
import { contractVersion } from '../../shared/contract/index.ts';
import { desk, keepConnected, useConnection } from './connection.ts';
import type { Transport } from './transport.ts';

/** A transport to an engine of some version that answers nothing but its status. */
function engine(version: number, asked: string[] = []): Transport {
  return {
    link: {
      call: (path) => {
        asked.push(path.join('.'));
        return Promise.resolve({ contractVersion: version });
      },
    },
    close: () => undefined,
  };
}

const settled = () =>
  new Promise<void>((done) => {
    const stop = useConnection.subscribe((state) => {
      if (state.phase === 'connecting') return;
      stop();
      done();
    });
  });

describe('the first message of a connection', () => {
  beforeEach(() => {
    useConnection.setState({ phase: 'connecting' });
  });

  it('opens the screen when the engine speaks its contract', async () => {
    const end = settled();
    keepConnected(() => Promise.resolve(engine(contractVersion)));
    await end;
    expect(useConnection.getState().phase).toBe('open');
  });

  it('keeps the screen shut when the engine speaks another one, and asks nothing else of it', async () => {
    const asked: string[] = [];
    const end = settled();
    keepConnected(() => Promise.resolve(engine(contractVersion + 1, asked)));
    await end;
    expect(useConnection.getState().phase).toBe('other_version');
    expect(asked).toEqual(['system.status']);
    expect(typeof desk.application.home).toBe('function');
  });
});
