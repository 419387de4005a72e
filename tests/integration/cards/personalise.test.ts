import { describe, expect, it } from 'vitest';
import { asanIdProfile } from '../../../src/card-host/profile/asan-id/profile.ts';
import { keyAlgorithms } from '../../../src/shared/card-host/host-protocol.ts';
import { createBlankState } from '../../../src/training/virtual-card/card-state.ts';
import { createInProcessReaders } from '../../../src/training/virtual-card/in-process.ts';
import { PlasticCard, VirtualReaders } from '../../../src/training/virtual-card/virtual-readers.ts';
import { createCardMaker, makeCard, withCard } from '../../support/cards/card-maker.ts';

const readerName = 'Qeyd Virtual Reader 0';

describe('a personalisation', () => {
  it.each(keyAlgorithms)('makes a finished card with %s keys', async (algorithm) => {
    const maker = await createCardMaker();
    const virtual = new VirtualReaders([readerName]);
    const card = new PlasticCard(createBlankState(), { isTraced: true });
    virtual.insert(readerName, card);
    const readers = createInProcessReaders(virtual);
    const making = { names: { readerName, chipSerialHex: card.state.serialHex, cardSerial: '0100000000000042' }, algorithm };
    await makeCard(maker, readers, making);
    const sight = await withCard(readers, readerName, (session) => asanIdProfile.read(session));
    expect(sight).toMatchObject({ life: 'closed', cardSerial: '0100000000000042', tries: { pin1: 3, pin2: 3, puk1: 3, puk2: 3 } });
    expect(sight.certificates.map(({ key }) => key)).toEqual(['auth', 'sign']);
  });
});
