import { pathToFileURL } from 'node:url';
import path from 'node:path';
import { root } from './run-tool.ts';

/** Loads one of the plain scripts, which carry no types of their own, as what the test says it is. */
export async function loadScript<Exports>(file: string): Promise<Exports> {
  return (await import(pathToFileURL(path.join(root, 'scripts', file)).href)) as Exports;
}
