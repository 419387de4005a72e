import { hash, verify } from '@node-rs/argon2';
import type { PasswordCost } from '../registry.ts';

/** argon2id with the cost of OWASP's stronger profile. */
export const productionPasswordCost: PasswordCost = { memoryKib: 64 * 1024, passes: 3 };

export async function hashPassword(password: string, cost: PasswordCost): Promise<string> {
  return await hash(password.normalize('NFC'), { memoryCost: cost.memoryKib, timeCost: cost.passes, parallelism: 1 });
}

export async function isPasswordRight(stored: string, password: string): Promise<boolean> {
  return await verify(stored, password.normalize('NFC'));
}
