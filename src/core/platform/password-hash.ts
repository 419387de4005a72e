import { hash, verify } from '@node-rs/argon2';

export interface PasswordCost {
  readonly memoryKib: number;
  readonly passes: number;
}

/** OWASP's stronger profile, the same for passwords, proofs of sign-in and secret answers; the registry keeps the string as it comes. */
export const passwordCost: PasswordCost = { memoryKib: 64 * 1024, passes: 3 };

/** Turns what only its owner may know into an argon2id PHC string with a salt of its own; the text itself enters no command, row or log. */
export interface PasswordHash {
  make(text: string): Promise<string>;
  matches(made: string, text: string): Promise<boolean>;
}

/** The cost is a parameter for tests alone: a lighter one is no protection. Two ways to type one letter are one text (NFC). */
export function createPasswordHash({ memoryKib, passes }: PasswordCost = passwordCost): PasswordHash {
  const cost = { memoryCost: memoryKib, timeCost: passes, parallelism: 1 };
  return {
    make: (text) => hash(text.normalize('NFC'), cost),
    matches: (made, text) => verify(made, text.normalize('NFC')),
  };
}
