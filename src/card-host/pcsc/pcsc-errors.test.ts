import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { CardFault } from '../../shared/card-host/card-port.ts';
import { asCardFault } from './pcsc-errors.ts';

const kindOf = (text: string) => asCardFault(new Error(text)).kind;

describe('errors that carry only English text', () => {
  it.each([
    ['PC/SC service not running', 'SERVICE_DOWN'],
    ['PC/SC service stopped', 'SERVICE_DOWN'],
    ['Unknown reader', 'READER_UNKNOWN'],
    ['Reader unavailable', 'READER_UNKNOWN'],
    ['No smart card present', 'CARD_ABSENT'],
    ['Card was removed', 'CARD_REMOVED'],
    ['Card was reset', 'CARD_RESET'],
    ['Sharing violation', 'CARD_SHARED'],
    ['Card is unresponsive', 'CARD_MUTE'],
    ['Transaction failed', 'TRANSPORT_FAILED'],
    ['Unknown PC/SC error', 'TRANSPORT_FAILED'],
    ['something nobody ever said', 'TRANSPORT_FAILED'],
  ])('%s is %s', (text, kind) => {
    expect(kindOf(text)).toBe(kind);
  });

  it('a fault stays what it is, and what is no error at all is a failed transport', () => {
    expect(asCardFault(new CardFault('CARD_TIMEOUT')).kind).toBe('CARD_TIMEOUT');
    expect(asCardFault('text').kind).toBe('TRANSPORT_FAILED');
  });

  it('every text of the table is one that the installed package says: none is spelt in vain', () => {
    const folder = path.join('node_modules', 'smartcard', 'src');
    const said = ['pcsc_errors.h', 'pcsc_card.cpp', 'pcsc_context.cpp']
      .map((name) => readFileSync(path.join(folder, name), 'utf8'))
      .join('');
    const table = readFileSync(path.join(import.meta.dirname, 'pcsc-errors.ts'), 'utf8');
    const texts = [...table.matchAll(/^ {2}'([^']+)': '/gmu)].map((match) => match[1]!);
    expect(texts.length).toBeGreaterThan(15);
    expect(texts.filter((text) => !said.includes(`"${text}"`))).toEqual([]);
  });
});
