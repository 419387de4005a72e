import type { DeskConfig } from '../shared/platform/desk-config.ts';

/** The settings of a desk as support may see them: what is set and to which number. Paths, names, addresses and keys stay here; a folder may bear somebody's name. */
export function plainSettings(config: DeskConfig): Record<string, string | number | boolean> {
  return {
    mode: config.mode,
    idleLockMs: config.idleLockMs,
    hasPrintFolder: config.printFolder !== '',
    hasExportFolder: config.exportFolder !== '',
    hasCupsServer: config.cupsServer !== '',
    hasPrintQueue: config.printQueue !== '',
    hasWindowsPrintCommand: config.windowsPrintCommand !== '',
    isClientKeyInStore: 'reference' in config.registry.clientKey,
    isSigningKeyInStore: 'reference' in config.registry.signingKey,
    hasTraining: config.training !== undefined,
  };
}
