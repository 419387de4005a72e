import type { SafeStorage } from 'electron';
import type { DeskConfig } from '../../shared/platform/desk-config.ts';
import { StartFailure } from '../../shared/platform/start-failure.ts';
import type { Wrapper } from '../secrets.ts';

/**
 * Wraps secrets with the platform's key store (DPAPI, Keychain, libsecret or KWallet). A Linux desktop without one would fall back to a fixed
 * password: that is refused with SECRET_STORE_WEAK. DPAPI does not protect against other programs of the same user.
 * Source: sync-and-reliability a3 (safeStorage)
 */
export function createSafeStorageWrapper(storage: SafeStorage, platform: NodeJS.Platform, mode: DeskConfig['mode']): Wrapper {
  const requireStrong = async () => {
    // A training desk holds no real person's data.
    if (mode === 'training') return;
    if (!(await storage.isAsyncEncryptionAvailable())) throw new StartFailure('SECRET_STORE_WEAK');
    if (platform === 'linux' && storage.getSelectedStorageBackend() === 'basic_text') throw new StartFailure('SECRET_STORE_WEAK');
  };
  return {
    async wrap(plain) {
      await requireStrong();
      return storage.encryptStringAsync(Buffer.from(plain).toString('base64'));
    },
    async unwrap(wrapped) {
      await requireStrong();
      return Buffer.from((await storage.decryptStringAsync(Buffer.from(wrapped))).result, 'base64');
    },
  };
}
