import path from 'node:path';
import { createRequire } from 'node:module';
import { beforeAll, describe, expect, it } from 'vitest';
import { root, runTool } from './run-tool.ts';

interface Report {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: {
    readonly violations: readonly { readonly from: string; readonly to: string; readonly rule: { readonly name: string } }[];
  };
}

const fixture = path.join(root, 'tests/fixtures/fences/imports');
const config = path.join(root, '.dependency-cruiser.cjs');

function cruise(cwd: string, folder: string): Report {
  const { stdout } = runTool('dependency-cruiser/bin/dependency-cruiser.mjs', [folder, '--config', config, '--output-type', 'json'], cwd);
  return JSON.parse(stdout) as Report;
}

/** Every file of the fixture that breaks a rule, and the one rule it must break. */
const expected: readonly (readonly [file: string, rule: string])[] = [
  ['src/card-host/uses-core.ts', 'card-host-alone'],
  ['src/channel/uses-core.ts', 'channel-carries-only'],
  ['src/core/features/case/calls-rpc.ts', 'features-not-rpc'],
  ['src/core/features/case/prints.ts', 'features-know-ports-only'],
  ['src/core/features/register/reaches-inside.ts', 'feature-inside-is-private'],
  ['src/core/platform/calls-registry.ts', 'core-alone'],
  ['src/core/platform/missing.ts', 'imports-resolve'],
  ['src/core/platform/uses-dev-package.ts', 'product-without-dev-packages'],
  ['src/core/platform/uses-electron.ts', 'electron-only-in-its-shell'],
  ['src/core/platform/uses-test-helper.ts', 'sources-import-no-tests'],
  ['src/core/storage/looks-up.ts', 'services-below-features'],
  ['src/core/sync/opens-database.ts', 'sqlite-only-in-stores'],
  ['src/core/sync/sends.ts', 'services-below-features'],
  ['src/main/browser/imports-core.ts', 'main-below-nobody'],
  ['src/main/browser/imports-training.ts', 'main-below-nobody'],
  ['src/main/browser/uses-electron.ts', 'electron-only-in-its-shell'],
  ['src/pin-window/uses-contract.ts', 'pin-window-alone'],
  ['src/preload/uses-node.ts', 'preload-is-tiny'],
  ['src/registry/does-a-curve.ts', 'curves-only-in-virtual-cards'],
  ['src/registry/uses-core.ts', 'registry-alone'],
  ['src/renderer/app/imports-core-type.ts', 'renderer-is-a-page'],
  ['src/renderer/app/opens-socket.ts', 'renderer-own-libraries'],
  ['src/renderer/app/uses-electron.ts', 'electron-only-in-its-shell'],
  ['src/renderer/app/uses-node.ts', 'renderer-without-node'],
  ['src/shared/contract/broken.test.ts', 'shared-tests-stay-in-shared'],
  ['src/shared/contract/orphan.ts', 'no-orphans'],
  ['src/shared/contract/ring-a.ts', 'no-cycles'],
  ['src/shared/contract/uses-core-type.ts', 'shared-stands-alone'],
  ['src/shared/contract/uses-node.ts', 'shared-stands-alone'],
  ['src/shared/rules/uses-builder.ts', 'contract-builder-in-contract'],
  ['src/training/reaches-inside.ts', 'training-uses-the-front-door'],
];

describe('import fences', () => {
  let report: Report;
  let found: readonly (readonly [string, string])[];

  beforeAll(() => {
    report = cruise(fixture, 'src');
    found = report.summary.violations.map((violation) => [violation.from, violation.rule.name] as const);
  });

  it.each(expected)('%s breaks exactly the rule %s', (file, rule) => {
    expect(found.filter(([from]) => from === file)).toEqual([[file, rule]]);
  });

  it('every allowed import of the fixture passes', () => {
    const broken = new Set(expected.map(([file]) => file));
    expect(found.filter(([from]) => !broken.has(from))).toEqual([]);
    expect(report.modules.filter((module) => module.source.startsWith('src/')).length).toBeGreaterThanOrEqual(expected.length);
  });

  it('every rule of the configuration has a file that breaks it', () => {
    const { forbidden } = createRequire(import.meta.url)(config) as { forbidden: readonly { name: string }[] };
    const proven = new Set(expected.map(([, rule]) => rule));
    expect(forbidden.map((rule) => rule.name).filter((name) => !proven.has(name))).toEqual([]);
  });
});
