import { describe, expect, it } from 'vitest';
import type { CardHostStatus } from '../card-host/host-protocol.ts';
import { cardFindingCodes, diagnoseCards, explainedStatusWords, findStatusWord, type CardFindingCode } from './card-diagnosis.ts';
import { catalogues } from '../language/catalogues/index.ts';

const ours = '3B898131FE45516579644F73454944DF';
const reader = (name: string, atrHex: string | null, profile: 'asan_id' | 'other' | null) => ({ name, hasPinPad: false, atrHex, profile });
const healthy: CardHostStatus = {
  link: 'pcsc',
  isServiceRunning: true,
  missing: [],
  readers: [reader('ACS ACR39U 00 00', ours, 'asan_id')],
  token: { kind: 'pkcs11', label: 'Qeyd', isReady: true },
  mailer: { kind: 'device', isReady: true },
};
const desk = { needsCentre: false, isTraining: false };
const centre = { needsCentre: true, isTraining: false };
const training = { needsCentre: true, isTraining: true };
const say = (status: CardHostStatus | null, options = desk): string[] =>
  diagnoseCards(status, options).map(({ code, severity }) => `${severity} ${code}`);

describe('what is said of the cards of a machine', () => {
  it('says each part that works', () => {
    expect(say(healthy, centre)).toEqual(['good SERVICE_RUNNING', 'good READER_READY', 'good TOKEN_READY', 'good MAILER_READY']);
  });

  it('says first what stops all of it', () => {
    expect(say(null)).toEqual(['stop HOST_DOWN']);
    expect(say({ ...healthy, link: 'none', missing: ['smartcard'] })[0]).toBe('stop SMARTCARD_MISSING');
    expect(diagnoseCards({ ...healthy, link: 'none', missing: ['smartcard'] }, desk)[0]?.detail).toBe('npm install smartcard@3.7.0');
    expect(say({ ...healthy, link: 'none' })[0]).toBe('stop LINK_NONE');
    expect(say({ ...healthy, isServiceRunning: false, readers: [] })).toEqual([
      'stop SERVICE_DOWN',
      'good TOKEN_READY',
      'good MAILER_READY',
    ]);
  });

  it('tells of every reader, also of one with an odd name', () => {
    const readers = [
      reader('Oxuyucu Ø', null, null),
      reader('A\u0007B', '3B00', 'other'),
      reader('C', '3B01', null),
      reader('D', ours, 'asan_id'),
    ];
    expect(diagnoseCards({ ...healthy, readers }, desk).filter(({ readerName }) => readerName !== '')).toEqual([
      { code: 'READER_EMPTY', severity: 'note', readerName: 'Oxuyucu Ø', detail: '' },
      { code: 'CARD_OTHER', severity: 'attention', readerName: 'A\u0007B', detail: '3B00' },
      { code: 'NAME_ODD', severity: 'note', readerName: 'A\u0007B', detail: '3B00' },
      { code: 'CARD_UNKNOWN', severity: 'attention', readerName: 'C', detail: '3B01' },
      { code: 'READER_READY', severity: 'good', readerName: 'D', detail: ours },
    ]);
    expect(say({ ...healthy, readers: [] })).toContain('attention NO_READER');
  });

  it('says that training reaches virtual cards directly', () => {
    expect(say({ ...healthy, link: 'direct', isServiceRunning: false, missing: ['smartcard'] }, training)[0]).toBe('note LINK_DIRECT');
  });

  it('misses token and printer only where cards are made, and stops on those of training in a real centre', () => {
    const bare: CardHostStatus = {
      ...healthy,
      token: { kind: 'none', label: '', isReady: false },
      mailer: { kind: 'none', isReady: false },
    };
    expect(say(bare, desk).slice(-2)).toEqual(['note TOKEN_NONE', 'note MAILER_NONE']);
    expect(say(bare, centre).slice(-2)).toEqual(['attention TOKEN_NONE', 'attention MAILER_NONE']);
    const play: CardHostStatus = {
      ...healthy,
      token: { kind: 'training', label: '', isReady: true },
      mailer: { kind: 'file', isReady: true },
    };
    expect(say(play, training).slice(-2)).toEqual(['note TOKEN_TRAINING', 'note MAILER_FILE']);
    expect(say(play, centre).slice(-2)).toEqual(['stop TOKEN_TRAINING', 'stop MAILER_FILE']);
    const broken: CardHostStatus = { ...healthy, token: { ...healthy.token, isReady: false }, mailer: { kind: 'device', isReady: false } };
    expect(say(broken, centre).slice(-2)).toEqual(['attention TOKEN_NOT_READY', 'attention MAILER_NOT_READY']);
    expect(say({ ...healthy, missing: ['pkcs11js'] }, centre)).toContain('attention PKCS11JS_MISSING');
  });

  it('explains the usual status words', () => {
    expect(['9000', '63c2', '6C10', '6105', '6A82', '1234'].map(findStatusWord)).toEqual([
      '9000',
      '63Cx',
      '6Cxx',
      '61xx',
      '6A82',
      undefined,
    ]);
  });

  it.each(Object.keys(catalogues) as (keyof typeof catalogues)[])('has a sentence and an advice for each in %s', (language) => {
    const texts: Readonly<Record<string, string>> = catalogues[language];
    const wanted = [
      ...cardFindingCodes.flatMap((code: CardFindingCode) => [`cards.finding.${code}`, `cards.advice.${code}`]),
      ...explainedStatusWords.map((word) => `cards.sw.${word}`),
    ];
    expect(wanted.filter((key) => texts[key] === undefined)).toEqual([]);
  });
});
