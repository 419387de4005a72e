import type { ArchivedFile } from './read-archive.ts';

/** Bundles that are not minified name the source of every module in a comment: `// src/core/desk.ts`. */
const moduleComment = /^(?:\/\/|\/\/#region) (src\/[\w./-]+|tests\/[\w./-]+|bench\/[\w./-]+)/gmu;
const forbiddenSources =
  /^(src\/registry\/|src\/training\/|src\/main\/browser\/|src\/main\/start\.ts|tests\/|bench\/)|(?:^|[/-])faults?[./-]/u;
/** Operations and fields by which training makes the registry and virtual cards fail, and puts virtual cards in and out. */
const faultSwitches = ['setFaults', 'getFaults', 'failActivations', 'loseAnswers', 'listCast', 'set_fault', 'slow_keys', 'create_card'];
const forbiddenFiles = /^(src|tests|bench|scripts|docs)\/|^dist\/(registry|training|browser)/u;
const forbiddenPackages = [
  'fastify',
  '@fastify/swagger',
  'kysely',
  'pg',
  'pkijs',
  '@peculiar/x509',
  '@playwright/test',
  'vitest',
  'vite',
  'electron',
  'react',
];

/** Every reason why this archive must not ship: the registry, training, the browser shell, test code or a fault switch. */
export function listForbidden(files: readonly ArchivedFile[]): readonly string[] {
  return files.flatMap(({ name, content }) => {
    const packageName = /^node_modules\/((?:@[^/]+\/)?[^/]+)/u.exec(name)?.[1];
    if (packageName !== undefined)
      return forbiddenPackages.includes(packageName) ? [`${name} belongs to a package that does not ship`] : [];
    if (forbiddenFiles.test(name)) return [`${name} is not part of the product`];
    if (content === undefined || !/\.(c?js|mjs|html)$/u.test(name)) return [];
    const text = content.toString('utf8');
    const sources = [...text.matchAll(moduleComment)].map((match) => match[1]!).filter((source) => forbiddenSources.test(source));
    const switches = faultSwitches.filter((word) => text.includes(word));
    return [...sources.map((source) => `${name} holds ${source}`), ...switches.map((word) => `${name} holds the fault switch ${word}`)];
  });
}
