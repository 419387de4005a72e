import { describe, expect, it } from 'vitest';
import { createLog } from './logger.ts';

function capture(): { readonly lines: string[]; readonly log: ReturnType<typeof createLog> } {
  const lines: string[] = [];
  return { lines, log: createLog({ write: (line: string) => void lines.push(line) }) };
}

describe('the log', () => {
  it('writes only the fields it knows', () => {
    const { lines, log } = capture();
    log.info('case.opened', { commandId: 'c-1', fin: 'QYD0001', surname: 'QULİYEVA' });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ msg: 'case.opened', commandId: 'c-1' });
    expect(lines.join('')).not.toMatch(/QYD0001|QULİYEVA/);
  });

  it('keeps the places of an error and never its message', () => {
    const { lines, log } = capture();
    log.error('rpc.failed', new TypeError('QYD0001 is not a FİN'), { incidentId: 'i-1' });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ msg: 'rpc.failed', incidentId: 'i-1', error: 'TypeError' });
    expect(lines[0]).toContain('logger.test');
    expect(lines[0]).not.toContain('QYD0001');
    log.error('rpc.failed', 'QYD0001');
    expect(lines[1]).not.toContain('QYD0001');
  });

  it('cuts a text that is too long to be a code', () => {
    const { lines, log } = capture();
    log.warn('x', { reason: 'y'.repeat(5000) });
    expect((lines[0] ?? '').length).toBeLessThan(400);
  });
});
