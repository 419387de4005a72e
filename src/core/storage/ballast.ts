import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import path from 'node:path';

export interface Ballast {
  release(): void;
  /** True while new acts must wait for free space; what is under way (receipts, audit) goes on. */
  isSpaceShort(): boolean;
}

/**
 * A file that is given up when the disk is full, so that receipts, audit and the words that explain it still fit. After that, acts wait until
 * twice its size is free again; then it is written anew.
 */
export function keepBallast(databaseFile: string, sizeBytes: number): Ballast {
  const file = `${databaseFile}.ballast`;
  let isReleased = false;
  const fill = (): void => {
    if (sizeBytes === 0 || existsSync(file)) return;
    const handle = openSync(file, 'w', 0o600);
    // Zeros would cost nothing on a file system that presses them together, and give nothing back.
    const piece = randomBytes(1024 * 1024);
    try {
      for (let left = sizeBytes; left > 0; left -= piece.length) writeSync(handle, piece, 0, Math.min(piece.length, left));
      closeSync(handle);
    } catch (error) {
      // A part of it would be taken for the whole at the next start, and would itself be what fills the disk.
      closeSync(handle);
      rmSync(file, { force: true });
      throw error;
    }
  };
  fill();
  return {
    release: () => {
      isReleased = true;
      rmSync(file, { force: true });
    },
    isSpaceShort: () => {
      if (!isReleased) return false;
      const free = statfsSync(path.dirname(file));
      if (free.bavail * free.bsize < 2 * sizeBytes + 4 * 1024 * 1024) return true;
      try {
        fill();
      } catch {
        // Somebody else was quicker to take the space: acts wait on.
        return true;
      }
      isReleased = false;
      return false;
    },
  };
}
