import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { startCardHost } from '../../support/card-host.ts';
import { startDirectCards, type VirtualCards, type VirtualCardsOptions } from '../../support/pcsc/virtual-cards.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const readerName = 'Qeyd Virtual Reader 0';
const chipSerialHex = 'AB'.repeat(10);

const codeOf = (result: { readonly ok: boolean; readonly failure?: { readonly code: string } }) =>
  result.ok ? 'done' : result.failure?.code;

async function startCards(options: VirtualCardsOptions = {}): Promise<VirtualCards> {
  const cards = await startDirectCards(options);
  closers.push(() => cards.close());
  return cards;
}

async function startTraining(cards: VirtualCards) {
  const desk = await startCardHost({ pcsc: true, directLink: cards.directSocketPath });
  closers.push(() => desk.stop());
  await desk.event((event) => event.kind === 'host' && event.isRunning);
  return desk;
}

describe('a training desk without card hardware and without a card service', () => {
  it('reads a blank card in a virtual reader, and says which link it has', async () => {
    const cards = await startCards();
    const { host, event, events } = await startTraining(cards);
    await cards.control.createCard({ chipSerialHex });
    const from = events.length;
    await cards.control.insert(readerName, chipSerialHex);
    await event((each) => each.kind === 'card_inserted', from);
    const status = await host.ask({ kind: 'status' });
    expect(status.ok && status.value.status).toMatchObject({ link: 'direct', isServiceRunning: true });
    const sight = await host.ask({ kind: 'read_card', readerName });
    expect(sight.ok && sight.value.sight).toMatchObject({ profile: 'asan_id', chipSerialHex, life: 'blank', cardSerial: '', tries: null });
  });

  it('refuses what a card of another kind and an empty reader are asked for', async () => {
    const cards = await startCards();
    const { host } = await startTraining(cards);
    expect(codeOf(await host.ask({ kind: 'read_card', readerName }))).toBe('CARD_ABSENT');
    await cards.control.createCard({ chipSerialHex, atrHex: '3B8F8001804F0CA000000306030001000000006A' });
    await cards.control.insert(readerName, chipSerialHex);
    const sight = await host.ask({ kind: 'read_card', readerName });
    expect(sight.ok && sight.value.sight).toMatchObject({ profile: 'other', chipSerialHex: '' });
  });

  it('has readers and cards again after the process with the cards was killed', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'qeyd-direct-'));
    closers.push(async () => rmSync(folder, { recursive: true, force: true }));
    const places = { folder, cardFolder: path.join(folder, 'cards') };
    const cards = await startCards(places);
    const { host, event, events } = await startTraining(cards);
    await cards.control.createCard({ chipSerialHex });
    await cards.control.insert(readerName, chipSerialHex);
    const before = await host.ask({ kind: 'read_card', readerName });
    const from = events.length;
    await cards.close();
    await event((each) => each.kind === 'service' && !each.isRunning, from);
    expect(codeOf(await host.ask({ kind: 'read_card', readerName }))).toBe('SERVICE_DOWN');
    const again = await startCards(places);
    await event((each) => each.kind === 'reader_attached', from);
    expect(codeOf(await host.ask({ kind: 'read_card', readerName }))).toBe('CARD_ABSENT');
    await again.control.insert(readerName, chipSerialHex);
    const after = await host.ask({ kind: 'read_card', readerName });
    expect(after.ok && after.value.sight).toEqual(before.ok && before.value.sight);
    expect(after.ok && after.value.sight.chipSerialHex).toBe(chipSerialHex);
  });
});
