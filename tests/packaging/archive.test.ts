import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listForbidden } from './judge-archive.ts';
import { readArchive, type ArchivedFile } from './read-archive.ts';
import { writeStubElectron } from './stub-electron.ts';

const root = path.resolve(import.meta.dirname, '../..');
const { version } = JSON.parse(readFileSync(path.join(root, 'node_modules/electron/package.json'), 'utf8')) as { version: string };

describe('what ships', () => {
  let folder = '';
  let files: readonly ArchivedFile[] = [];
  const names = (): string[] => files.map((file) => file.name);
  /** Text of our own bundles; the packages of others are named by the lock. */
  const ownCode = (): string[] =>
    files.filter((file) => file.name.startsWith('dist/') && file.content !== undefined).map((file) => file.content!.toString('utf8'));

  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'qeyd-pack-'));
    writeStubElectron(path.join(folder, 'electron'), version);
    const settings = {
      electronDist: path.join(folder, 'electron'),
      electronVersion: version,
      'directories.output': path.join(folder, 'out'),
    };
    const args = Object.entries(settings).map(([name, value]) => `-c.${name}=${value}`);
    const packed = spawnSync(process.execPath, [path.join(root, 'scripts/dist.mjs'), '--linux', 'dir', ...args], {
      cwd: root,
      encoding: 'utf8',
    });
    if (packed.status !== 0) throw new Error(`${packed.stdout}\n${packed.stderr}`);
    files = readArchive(path.join(folder, 'out/linux-unpacked/resources/app.asar'));
  }, 180_000);

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('our own files in the archive are exactly those listed by name', () => {
    const own = names().filter(
      (name) => !name.startsWith('node_modules/') && !/^dist\/(?:screen|pin-window)\/assets\/[\w.-]+$/u.test(name),
    );
    const fonts = ['bold', 'bold-italic', 'italic', 'regular'].map((style) => `assets/fonts/noto-sans-${style}.ttf`);
    const bundles = ['card-host.js', 'core.js', 'main.cjs', 'maintenance-host.js', 'paper-host.js', 'preload.cjs'].map(
      (name) => `dist/electron/${name}`,
    );
    const pages = [
      'dist/pin-window/index.html',
      'dist/screen/index.html',
      ...(existsSync(path.join(root, 'src/renderer/recovery/index.html')) ? ['dist/screen/recovery/index.html'] : []),
    ];
    const templates = readdirSync(path.join(root, 'assets/templates'))
      .filter((name) => name.endsWith('.json'))
      .map((name) => `assets/templates/${name}`);
    expect(own.toSorted()).toEqual(
      [...fonts, ...templates, 'assets/fonts/OFL.txt', ...bundles, ...pages, 'LICENSE', 'package.json'].toSorted(),
    );
  });

  it('the archive holds neither registry nor training nor browser shell nor fault switch', () => {
    expect(listForbidden(files)).toEqual([]);
    // Were the bundles minified one day, the judge would be blind: it must see the modules it judges.
    for (const source of ['// src/core/', '// src/main/electron/', '// src/preload/']) expect(ownCode().join('\n')).toContain(source);
    expect(names()).toContain('node_modules/better-sqlite3-multiple-ciphers/package.json');
  });

  it('native code lies beside the archive, for this system only', () => {
    const native = files.filter((file) => file.name.endsWith('.node'));
    expect(native.length).toBeGreaterThan(0);
    expect(native.filter((file) => file.content !== undefined)).toEqual([]);
    expect(native.filter((file) => file.name.includes('/prebuilds/')).map((file) => path.basename(file.name))).toEqual([
      `${process.platform}-${process.arch}.node`,
    ]);
  });

  it('every fuse of the packed program is set as decided', async () => {
    const wire = await getCurrentFuseWire(path.join(folder, 'out/linux-unpacked/qeyd'));
    const decided: Readonly<Record<FuseV1Options, boolean>> = {
      [FuseV1Options.RunAsNode]: false,
      [FuseV1Options.EnableCookieEncryption]: true,
      [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
      [FuseV1Options.EnableNodeCliInspectArguments]: false,
      [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
      [FuseV1Options.OnlyLoadAppFromAsar]: true,
      [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
      [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
      [FuseV1Options.WasmTrapHandlers]: true,
    };
    const found = Object.fromEntries(Object.keys(decided).map((fuse) => [fuse, wire[Number(fuse) as FuseV1Options] === FuseState.ENABLE]));
    expect(found).toEqual(Object.fromEntries(Object.entries(decided)));
  });
});
