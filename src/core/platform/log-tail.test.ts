import { describe, expect, it } from 'vitest';
import { createLogTail, readLogLine } from './log-tail.ts';
import { createLog } from './logger.ts';

const line = (fields: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({ level: 40, time: '2026-11-22T10:00:00.000Z', ...fields });

describe('the tail of the log', () => {
  it('keeps the newest lines beside where they go', () => {
    const written: string[] = [];
    const tail = createLogTail({ write: (text) => void written.push(text) });
    const log = createLog(tail.destination);
    for (let count = 0; count < 450; count += 1) log.info('sync.step', { count });
    expect(written).toHaveLength(450);
    expect(tail.lines()).toHaveLength(400);
    expect(readLogLine(tail.lines().at(-1) ?? '')).toMatchObject({ msg: 'sync.step', count: 449 });
  });

  it('hands on numbers, ids and words of the program', () => {
    const commandId = '0197a000-0000-7000-8000-000000000001';
    expect(readLogLine(line({ msg: 'sync.parked', commandId, kind: 'application.refuse', code: 'HTTP_503', tookMs: 7 }))).toEqual({
      level: 40,
      time: '2026-11-22T10:00:00.000Z',
      msg: 'sync.parked',
      commandId,
      kind: 'application.refuse',
      code: 'HTTP_503',
      tookMs: 7,
    });
    const stack = '    at read (/home/gunel/qeyd/src/core/read.ts:10:5)\n    at async C:\\Users\\gunel\\step.ts:1:2';
    expect(readLogLine(line({ msg: 'rpc.failed', error: 'TypeError', stack }))).toMatchObject({
      error: 'TypeError',
      stack: ['read read.ts:10:5', 'async step.ts:1:2'],
    });
  });

  it('drops every other text, also under a name that the logger lets in', () => {
    const words = {
      msg: 'Günel',
      kind: 'gunel',
      code: 'GUNEL',
      name: 'Günel',
      path: '/home/gunel',
      reason: 'gunel',
      operation: 'gunel.aliyeva',
      error: 'Gunel',
    };
    expect(readLogLine(line(words))).toEqual({ level: 40, time: '2026-11-22T10:00:00.000Z', code: 'OTHER' });
    expect(readLogLine('Günel')).toBeUndefined();
    expect(readLogLine('"Günel"')).toBeUndefined();
  });
});
