// Who may import whom (docs/ARCHITECTURE.md). Type-only imports count: what a type may know, its file may know.
// Every rule has a file under tests/fixtures/fences/imports that breaks it, and a test that names it.

/** Tests beside the code bring their runner and may use Node; what they test stays fenced. */
const tests = '\\.test\\.tsx?$';
const packages = (...names) => `node_modules/(${names.join('|')})(/|$)`;
/** The encrypted twin has no types of its own; `better-sqlite3` is known by its types only and never installed. */
const sqlite = `^better-sqlite3$|${packages('better-sqlite3-multiple-ciphers', '@types/better-sqlite3')}`;

/** Modules that exist as declarations only; no program ever loads them. */
const typesOnly = '^(better-sqlite3|pdfmake/interfaces[.]js)$';

/** One folder of src may not reach into others. */
const never = (name, from, to, comment) => ({ name, severity: 'error', comment, from: { path: from }, to: { path: to } });

module.exports = {
  forbidden: [
    {
      name: 'shared-stands-alone',
      severity: 'error',
      comment: 'src/shared imports itself, zod, mrz, temporal-polyfill and the contract builder; it runs in every process and in the page.',
      from: { path: '^src/shared/', pathNot: tests },
      to: { pathNot: ['^src/shared/', packages('zod', 'mrz', 'temporal-polyfill', '@orpc/contract')] },
    },
    {
      name: 'contract-builder-in-contract',
      severity: 'error',
      comment: 'Rules and language know nothing of how operations travel.',
      from: { path: '^src/shared/(?!contract/)' },
      to: { path: packages('@orpc/[^/]+') },
    },
    {
      name: 'shared-tests-stay-in-shared',
      severity: 'error',
      comment: 'A test of src/shared may use its runner and Node, no other folder.',
      from: { path: `^src/shared/.*${tests}` },
      to: { path: '^src/(?!shared/)' },
    },
    {
      name: 'feature-inside-is-private',
      severity: 'error',
      comment: 'A feature is reached through its index.ts only.',
      from: { path: '^src/(core|renderer)/features/([^/]+)/' },
      to: { path: '^src/$1/features/([^/]+)/', pathNot: ['^src/$1/features/$2/', '^src/$1/features/[^/]+/index\\.tsx?$'] },
    },
    {
      name: 'features-know-ports-only',
      severity: 'error',
      comment: 'A use case sees documents, cards and sync through their ports; which adapter stands behind is decided where the core is put together.',
      from: { path: '^src/core/features/', pathNot: tests },
      to: { path: '^src/core/(documents|cards|sync)/', pathNot: '(^|/)(index|ports?|[a-z-]+-ports?)\\.ts$|/ports/' },
    },
    {
      name: 'features-not-rpc',
      severity: 'error',
      comment: 'The dispatcher calls features, never the other way round; a feature knows the shape of a handler and what it must offer the dispatcher.',
      from: { path: '^src/core/features/', pathNot: tests },
      to: { path: '^src/core/rpc/', pathNot: '^src/core/rpc/(handlers|[a-z-]+-port)\\.ts$' },
    },
    never(
      'services-below-features',
      '^src/core/(storage|sync|cards|documents|audit|platform)/',
      '^src/core/(features|rpc)/',
      'Storage, sync, cards and documents do not know the use cases they serve.',
    ),
    {
      name: 'sqlite-only-in-stores',
      severity: 'error',
      comment: 'One importer of SQLite per program: the profile, the key and the transactions are kept in one place.',
      from: { path: '^src/', pathNot: ['^src/core/storage/', '^src/registry/store/', tests] },
      to: { path: sqlite },
    },
    {
      name: 'electron-only-in-its-shell',
      severity: 'error',
      comment: 'Importing electron outside Electron starts a download; only its shell and the preload may.',
      // The shell suite's double takes types only, which load nothing.
      from: { pathNot: ['^src/main/electron/', '^src/preload/', '^tests/integration/shell/electron-double'] },
      to: { path: packages('electron') },
    },
    never('core-alone', '^src/core/', '^src/(main|preload|renderer|registry|training|card-host)/', 'The core knows no shell, no screen and no registry.'),
    never('main-below-nobody', '^src/main/', '^src/(core|renderer|registry|training|card-host)/', 'The shell starts the core, the registry and training by path, as processes; nobody imports training, so a production desk cannot load it.'),
    {
      name: 'preload-is-tiny',
      severity: 'error',
      comment: 'The preload imports electron and the contract and nothing else, no Node.',
      from: { path: '^src/preload/', pathNot: tests },
      to: { pathNot: ['^src/preload/', '^src/shared/contract/', packages('electron')] },
    },
    never('renderer-is-a-page', '^src/renderer/', '^src/(core|main|preload|registry|training|card-host|channel|pin-window)/', 'The screen reaches the core through the contract only.'),
    {
      name: 'renderer-without-node',
      severity: 'error',
      comment: 'The screen is sandboxed: Node does not exist there.',
      from: { path: '^src/renderer/', pathNot: tests },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'renderer-own-libraries',
      severity: 'error',
      comment: 'React and its libraries; nothing that needs a file, a socket or native code.',
      from: { path: '^src/renderer/', pathNot: tests },
      to: { path: packages('pino', 'undici', 'fastify', 'kysely', 'pg', 'pdfmake', 'sharp', 'ws', 'pkijs', '@cantoo/[^/]+', '@node-rs/[^/]+', '@peculiar/[^/]+') },
    },
    never('registry-alone', '^src/registry/', '^src/(core|main|preload|renderer|training|card-host|channel)/', 'The registry is a separate program that shares the contract and the rules.'),
    {
      name: 'training-uses-the-front-door',
      severity: 'error',
      comment: "Training mode needs shared, the channel between processes and the registry's public entry.",
      from: { path: '^src/training/', pathNot: tests },
      to: { path: '^src/', pathNot: ['^src/training/', '^src/shared/', '^src/channel/', '^src/registry/index\\.ts$'] },
    },
    {
      name: 'curves-only-in-virtual-cards',
      severity: 'error',
      comment: 'Keys of the product live on chips, in tokens and in Node; only the virtual card does a curve itself, to sign a ready hash.',
      from: { path: '^(src|tests|bench)/', pathNot: ['^src/training/virtual-card/', tests] },
      to: { path: packages('@noble/[^/]+') },
    },
    {
      name: 'card-host-alone',
      severity: 'error',
      comment: 'Everything that touches a PIN stays in its own process.',
      from: { path: '^src/card-host/', pathNot: tests },
      to: { path: '^src/', pathNot: ['^src/card-host/', '^src/shared/', '^src/channel/'] },
    },
    {
      name: 'pin-window-alone',
      severity: 'error',
      comment: 'The page on which PINs are typed knows its own texts and nothing else: no contract, no library, no Node.',
      from: { path: '^src/pin-window/', pathNot: tests },
      to: { pathNot: ['^src/pin-window/', '^src/shared/language/'] },
    },
    {
      name: 'channel-carries-only',
      severity: 'error',
      comment: 'The channel carries messages between processes and knows none of them.',
      from: { path: '^src/channel/', pathNot: tests },
      to: { path: '^src/|node_modules/', pathNot: ['^src/channel/', '^src/shared/platform/', packages('@types/[^/]+')] },
    },
    {
      name: 'product-without-dev-packages',
      severity: 'error',
      comment: 'What the packaged program loads at run time must be a dependency; the screen is bundled, electron is the shell itself, and the browser shell stays at home.',
      from: { path: '^src/(shared|channel|card-host|core|main|preload)/', pathNot: [tests, '^src/main/(browser/|start\\.ts)'] },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: packages('electron', '@types/[^/]+') },
    },
    { name: 'sources-import-no-tests', severity: 'error', comment: 'Test code stays out of the program.', from: { path: '^src/', pathNot: tests }, to: { path: `^(tests|bench)/|${tests}` } },
    { name: 'no-cycles', severity: 'error', comment: 'Two files that need each other are one file, or hide a third.', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      comment: 'A file nobody imports and that imports nothing is dead.',
      from: { orphan: true, path: '^src/', pathNot: ['\\.d\\.ts$', '\\.product\\.tsx?$', tests, '^src/main/start\\.ts$'] },
      to: {},
    },
    { name: 'imports-resolve', severity: 'error', comment: 'The file or package does not exist. Modules that are types only are known to the compiler.', from: {}, to: { couldNotResolve: true, pathNot: typesOnly } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['/fixtures/', '[.](css|svg|png|woff2|html)'] },
    tsPreCompilationDeps: true,
    // Vite's `?url` and `?raw` suffixes are part of an address, not of a file name.
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'], extensions: ['.ts', '.tsx', '.mjs', '.cjs', '.js', '.json'] },
  },
};
