import { hash } from '@node-rs/argon2';

/** Fewer different characters than this is a pattern, not a password. */
const minDifferentCharacters = 5;

/** Long enough by the contract; here: not the login again and not one key held down. Length matters more than kinds of characters. */
export function isPasswordWeak(password: string, login: string): boolean {
  const folded = password.toLowerCase();
  return (login !== '' && folded.includes(login.toLowerCase())) || new Set(folded).size < minDifferentCharacters;
}

/** OWASP's stronger profile; the registry keeps the string as it comes. */
const cost = { memoryCost: 64 * 1024, timeCost: 3, parallelism: 1 };

/** argon2id PHC string, with a salt of its own. The password itself never enters a command, a row or a log. */
export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFC'), cost);
}
