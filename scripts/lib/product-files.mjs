// What the product leaves out. A file `x.product.ts` beside `x.ts` stands in for it in the bundles that ship, so that the
// training menu and its fault switches are not merely forbidden there: their code is absent.
import { existsSync } from 'node:fs';

/** True while the bundles that ship are built (`npm run dist`). */
export const isProductBuild = process.env.QEYD_PRODUCT === '1';

/** Folder the bundles go to; development and product never share one. */
export const bundleFolder = isProductBuild ? 'dist/product' : 'dist';

/** Vite plugin that swaps in the product's files. */
export function productFiles() {
  return {
    name: 'qeyd-product-files',
    enforce: 'pre',
    async resolveId(source, importer, options) {
      if (!isProductBuild || importer === undefined) return null;
      const resolved = await this.resolve(source, importer, { ...options, skipSelf: true });
      const twin = resolved?.id.replace(/\.(tsx?)$/u, '.product.$1');
      return twin !== undefined && twin !== resolved.id && existsSync(twin) ? { ...resolved, id: twin } : resolved;
    },
  };
}
