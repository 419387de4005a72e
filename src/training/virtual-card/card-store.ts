import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cardStateSchema, type CardState } from './card-state.ts';

/**
 * Cards as files, one each, named by their chip serial. Every change is whole: a killed process leaves the card as it was after its last write, like a
 * chip. (A cut of the machine's own power may cost more: these are training cards.)
 */
export class CardStore {
  readonly #folder: string;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#folder = folder;
  }

  /** In the order of their serials; a file that is no card is left alone. */
  list(): readonly CardState[] {
    return readdirSync(this.#folder)
      .filter((name) => /^[0-9A-F]{20}\.json$/u.test(name))
      .sort()
      .flatMap((name) => {
        const parsed = cardStateSchema.safeParse(readJson(join(this.#folder, name)));
        return parsed.success ? [parsed.data] : [];
      });
  }

  save(state: CardState): void {
    const path = join(this.#folder, `${state.serialHex}.json`);
    writeFileSync(`${path}.new`, JSON.stringify(state), { mode: 0o600 });
    renameSync(`${path}.new`, path);
  }
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}
