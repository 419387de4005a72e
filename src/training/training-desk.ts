import { z } from 'zod';
import { trainingOperators, trainingPassword } from '../registry/index.ts';
import type { DeskConfig } from '../shared/platform/desk-config.ts';
import { trainingCast } from './training-cast.ts';

export const trainingOffice = { id: 'baki-1', code: 'BAK1', name: 'Bakı 1 saylı ASAN xidmət mərkəzi' } as const;
export const trainingDeskId = 'baki-1-01';

/** Where the virtual cards are reached. */
export const cardPlacesSchema = z.object({ controlSocketPath: z.string(), directSocketPath: z.string() });

/** The configuration file of the training desk; its paths are relative to the file's own folder. */
export function trainingDeskConfig(
  registry: { readonly url: string; readonly controlUrl: string },
  cards: z.infer<typeof cardPlacesSchema>,
): DeskConfig {
  return {
    mode: 'training',
    office: trainingOffice,
    desk: { id: trainingDeskId, code: '01' },
    registry: {
      url: registry.url,
      caPath: 'registry-ca.pem',
      clientCertificatePath: 'desk-certificate.pem',
      clientKey: { path: 'desk-key.pem' },
      signingKey: { path: 'desk-key.pem' },
    },
    dataFolder: 'desk',
    printFolder: 'prints',
    exportFolder: 'exports',
    cupsServer: '',
    printQueue: '',
    windowsPrintCommand: '',
    cards: { pcsc: true, directLink: cards.directSocketPath, mailer: { kind: 'file', folder: 'envelopes' } },
    idleLockMs: 300_000,
    training: {
      operators: trainingOperators.map(({ login, fullName, roles }) => ({
        login,
        fullName,
        password: trainingPassword(login),
        roles: [...roles],
      })),
      faultsPath: new URL('/v1/_faults', registry.controlUrl).toString(),
      cast: trainingCast(),
      cardControl: cards.controlSocketPath,
    },
  };
}
