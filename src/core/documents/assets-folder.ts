import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of fonts and templates: the nearest `assets` above this program, whether it runs from its sources or from a bundle. */
export function findAssetsFolder(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const assets = join(folder, 'assets');
    if (existsSync(join(assets, 'templates'))) return assets;
    if (dirname(folder) === folder) throw new Error('The folder of fonts and templates is missing');
  }
}
