import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { layOutFixture, runTool, type ToolRun } from './run-tool.ts';

const folders = ['shared', 'channel', 'card-host', 'core', 'main', 'preload', 'renderer', 'pin-window', 'registry', 'training'];
const configs = ['tsconfig.base.json', ...folders.map((folder) => `src/${folder}/tsconfig.json`)];

/** Every file of the fixture that does not compile, and the one error it must give. */
const expected: readonly (readonly [file: string, error: string, why: string])[] = [
  ['src/card-host/imports-core-type.ts', 'TS6307', 'a type import crosses the fence'],
  ['src/channel/imports-core-type.ts', 'TS6307', 'a type import crosses the fence'],
  ['src/core/enum.ts', 'TS1294', 'enums cannot be stripped'],
  ['src/core/imports-registry-type.ts', 'TS6307', 'a type import crosses the fence'],
  ['src/core/parameter-property.ts', 'TS1294', 'parameter properties cannot be stripped'],
  ['src/core/test-global.ts', 'TS2593', 'test globals are never ambient'],
  ['src/core/unchecked-index.ts', 'TS2322', 'an index may find nothing'],
  ['src/core/uses-document.ts', 'TS2584', 'there is no page in the core'],
  ['src/main/imports-core-type.ts', 'TS6307', 'a type import crosses the fence'],
  ['src/pin-window/imports-core-type.ts', 'TS6307', 'a type import crosses the fence'],
  ['src/registry/imports-core-type.ts', 'TS6307', 'a type import crosses the fence'],
  ['src/renderer/imports-core-type.ts', 'TS6307', 'a type import crosses the fence'],
  ['src/renderer/uses-process.ts', 'TS2591', 'there is no Node in the page'],
  ['src/shared/imports-core-type.ts', 'TS6307', 'a type import crosses the fence'],
  ['src/shared/uses-buffer.ts', 'TS2591', 'shared has no Node'],
  ['src/shared/uses-document.ts', 'TS2584', 'shared has no page'],
  ['src/shared/uses-process.ts', 'TS2591', 'shared has no Node'],
  ['src/training/imports-core-type.ts', 'TS6307', 'a type import crosses the fence'],
];

describe('type fences', () => {
  let run: ToolRun;
  let found: readonly (readonly [string, string])[];
  let remove = (): void => {};

  beforeAll(() => {
    const laidOut = layOutFixture('types', configs);
    remove = laidOut.remove;
    run = runTool('@typescript/native/bin/tsc', ['-b', ...folders.map((folder) => `src/${folder}`), '--pretty', 'false'], laidOut.folder);
    const lines = [...run.output.matchAll(/^(src\/\S+)\(\d+,\d+\): error (TS\d+)/gmu)].map((match) => `${match[1]!} ${match[2]!}`);
    found = [...new Set(lines)].map((line) => line.split(' ') as [string, string]);
  });

  afterAll(() => {
    remove();
  });

  it.each(expected)('%s gives exactly %s: %s', (file, error) => {
    expect(found.filter(([from]) => from === file)).toEqual([[file, error]]);
  });

  it('every other file of the fixture compiles, and the tool failed', () => {
    const broken = new Set(expected.map(([file]) => file));
    expect(found.filter(([file]) => !broken.has(file))).toEqual([]);
    expect(run.code).not.toBe(0);
  });
});
