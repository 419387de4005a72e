import { describe, expect, it } from 'vitest';
import { listForbidden } from './judge-archive.ts';

const file = (name: string, text: string): { name: string; content: Buffer } => ({ name, content: Buffer.from(text) });

describe('the judge of the archive', () => {
  it.each([
    [
      'the registry in a bundle',
      file('dist/electron/core.js', '// src/registry/intake/intake.ts\nvar x = 1;'),
      'holds src/registry/intake/intake.ts',
    ],
    [
      'training in a bundle',
      file('dist/electron/main.cjs', '//#region src/training/training-desk.ts\nvar x = 1;'),
      'holds src/training/training-desk.ts',
    ],
    ['the browser shell in a bundle', file('dist/electron/main.cjs', '// src/main/browser/door.ts\n'), 'holds src/main/browser/door.ts'],
    ['a fault module in a bundle', file('dist/electron/core.js', '// src/core/platform/faults.ts\n'), 'holds src/core/platform/faults.ts'],
    [
      'a fault switch in the minified screen',
      file('dist/screen/assets/index-1.js', 'a.training.setFaults({b:1})'),
      'holds the fault switch setFaults',
    ],
    ['a source file', file('src/registry/main.ts', ''), 'src/registry/main.ts is not part of the product'],
    ['a package of the registry', file('node_modules/@peculiar/x509/index.js', ''), 'does not ship'],
  ])('refuses %s', (_what, bad, words) => {
    expect(listForbidden([file('package.json', '{}'), bad])).toEqual([expect.stringContaining(words)]);
  });

  it('accepts bundles of the core and the words of the dialogs', () => {
    expect(
      listForbidden([
        file('dist/electron/core.js', '// src/core/desk.ts\nconst a = "default";'),
        file('node_modules/zod/index.js', '// src/registry/'),
      ]),
    ).toEqual([]);
  });
});
