import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { v7 as uuidv7 } from 'uuid';
import { insertCertificate } from '../../src/registry/certification/certificate-records.ts';
import { openRegistry } from '../../src/registry/index.ts';
import type { KeyAlgorithm } from '../../src/shared/card-host/host-protocol.ts';
import type { CardState } from '../../src/training/virtual-card/card-state.ts';
import { createCardMaker, makeCard } from './cards/card-maker.ts';
import { putCard } from './cards/reader-with-card.ts';

/** A finished virtual card whose certificates the registry of a folder really gave and calls active, and what its holder knows. */
export interface OperatorCard {
  readonly state: CardState;
  readonly cardSerial: string;
  readonly chipSerialHex: string;
  readonly pin1: string;
  readonly pin2: string;
  readonly puk: string;
  readonly certificateSerials: readonly string[];
}

/**
 * Makes it by the steps of a real personalisation, on a virtual card in this process; the certificates come from the registry's own authority, beside the
 * running registry if it runs.
 */
export async function makeOperatorCard(registryFolder: string, algorithm: KeyAlgorithm = 'p-256'): Promise<OperatorCard> {
  const { registry } = await openRegistry({ folder: registryFolder }, () => 'http://127.0.0.1:1');
  const applicationId = uuidv7();
  const certificateSerials: string[] = [];
  const [notBeforeMs, notAfterMs] = [Date.now() - 60_000, Date.now() + 86_400_000];
  const maker = await createCardMaker();
  const ca = {
    ...maker.ca,
    async issue(request: Uint8Array, key: 'auth' | 'sign'): Promise<Uint8Array> {
      const kind = key === 'auth' ? ('AUT' as const) : ('PER' as const);
      const publicKey = await new x509.Pkcs10CertificateRequest(new Uint8Array(request)).publicKey.export();
      const subject = { fin: 'QYD0001', surname: 'SINAQ', givenName: 'KARTLI', organisation: null };
      const { serial, der } = await registry.authority.issue({ kind, subject, publicKey, notBeforeMs, notAfterMs });
      certificateSerials.push(serial);
      await registry.store.transact((session) =>
        insertCertificate(
          session,
          {
            ...{ serial, kind, state: 'ACTIVE', notBeforeMs, notAfterMs, validityRule: 'three_years', voen: '', organisationName: '', der },
            ...{ applicationId, holderFin: 'QYD0001', phone: '', iccid: '' },
          },
          kind === 'AUT' ? 0 : 1,
        ),
      );
      return Buffer.from(der, 'base64');
    },
  };
  const { readers, card, names } = putCard();
  await makeCard({ ...maker, ca }, readers, { names: { ...names, cardSerial: serialOf(names.chipSerialHex) }, algorithm });
  const pins = maker.pins.find(names.chipSerialHex);
  if (pins === undefined) throw new Error('The PINs of the card are gone.');
  const cardSerial = serialOf(names.chipSerialHex);
  const puk = Buffer.from(await maker.deps.deriver.puk(cardSerial)).toString();
  await registry.store.close();
  return {
    state: card.state,
    ...{ cardSerial, chipSerialHex: names.chipSerialHex, certificateSerials, puk },
    pin1: Buffer.from(pins.pin1).toString(),
    pin2: Buffer.from(pins.pin2).toString(),
  };
}

function serialOf(chipSerialHex: string): string {
  return `01${chipSerialHex.slice(0, 14)}`;
}
