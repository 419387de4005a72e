import type { SafeStorage } from 'electron';
import { describe, expect, it } from 'vitest';
import { createSafeStorageWrapper } from './safe-storage.ts';

function storage(backend: ReturnType<SafeStorage['getSelectedStorageBackend']>, isAvailable = true): SafeStorage {
  const double: Pick<
    SafeStorage,
    'isAsyncEncryptionAvailable' | 'getSelectedStorageBackend' | 'encryptStringAsync' | 'decryptStringAsync'
  > = {
    isAsyncEncryptionAvailable: () => Promise.resolve(isAvailable),
    getSelectedStorageBackend: () => backend,
    encryptStringAsync: (text) => Promise.resolve(Buffer.from(text).reverse()),
    decryptStringAsync: (bytes) => Promise.resolve({ result: Buffer.from(bytes).reverse().toString(), shouldReEncrypt: false }),
  };
  return double as SafeStorage;
}
const key = new Uint8Array([0, 1, 254, 255]);

describe('secrets in Electron’s safeStorage (double)', () => {
  it('come back as the same bytes', async () => {
    const wrapper = createSafeStorageWrapper(storage('gnome_libsecret'), 'linux', 'production');
    const wrapped = await wrapper.wrap(key);
    expect(Buffer.from(wrapped)).not.toEqual(Buffer.from(key));
    expect(Buffer.from(await wrapper.unwrap(wrapped))).toEqual(Buffer.from(key));
  });

  it('are refused at a production desk where the platform would use a fixed password or has no store', async () => {
    await expect(createSafeStorageWrapper(storage('basic_text'), 'linux', 'production').wrap(key)).rejects.toThrow('SECRET_STORE_WEAK');
    await expect(createSafeStorageWrapper(storage('unknown', false), 'win32', 'production').wrap(key)).rejects.toThrow('SECRET_STORE_WEAK');
    await expect(createSafeStorageWrapper(storage('basic_text'), 'linux', 'training').wrap(key)).resolves.toBeDefined();
  });
});
