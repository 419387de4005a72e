// Checks of the files themselves: names, and links in the documents.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { at, root } from './paths.mjs';
import { listFiles } from './source-stamp.mjs';

const kebabCase = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)*$/u;
/** Names that other programs or a convention of the field demand. */
const givenNames = /^(README|ARCHITECTURE|GLOSSARY|LICENSE)(\.md)?$|^\.gitkeep$/u;
/** Folders whose name is a numbered or foreign key, and binary files named by their publisher. */
const givenFolders = /^(docs\/adr|tests\/fixtures|assets\/fonts)\//u;

/** Files of the tree whose name is not kebab-case. @public */
export function findBadFileNames(files) {
  return files.filter(
    (file) => !givenFolders.test(file) && file.split('/').some((part) => !kebabCase.test(part) && !givenNames.test(part)),
  );
}

/** @returns {{ ok: boolean, detail: string }} */
export function checkFileNames() {
  const files = ['src', 'tests', 'bench', 'scripts', 'docs', 'assets'].flatMap((folder) => listFiles(folder));
  if (files.length === 0) return { ok: false, detail: 'No files were read.' };
  const bad = findBadFileNames(files);
  return { ok: bad.length === 0, detail: bad.length === 0 ? `${files.length} files` : `Not kebab-case: ${bad.join(', ')}` };
}

/** The anchor a Markdown viewer gives a heading. */
function anchorOf(heading) {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[`*]/gu, '')
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/gu, '-');
}

function anchorsIn(file) {
  return new Set(
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => /^#{1,6} /u.test(line))
      .map((line) => anchorOf(line.replace(/^#+ /u, ''))),
  );
}

/** Sentences about links of one document that lead nowhere. `file` is relative to `base`. @public */
export function findBrokenLinks(file, base = root) {
  const text = readFileSync(path.join(base, file), 'utf8');
  const problems = [];
  if (text.includes('../shared') && !file.startsWith('docs/spec/'))
    problems.push(`${file}: names a folder that is not part of the repository`);
  const prose = text.replace(/^(```|~~~)[\s\S]*?^\1/gmu, '').replace(/`[^`\n]*`/gu, '');
  for (const [, target] of prose.matchAll(/\]\(\s*<?([^)>\s]+)>?(?:\s+"[^"]*")?\s*\)/gu)) {
    if (/^[a-z][a-z+.-]*:/iu.test(target)) continue;
    const [name, anchor] = decodeURI(target).split('#');
    const full = name === '' ? path.join(base, file) : path.resolve(base, path.dirname(file), name);
    if (!full.startsWith(base)) problems.push(`${file}: ${target} leaves the repository`);
    else if (!existsSync(full)) problems.push(`${file}: ${target} does not exist`);
    else if (anchor && full.endsWith('.md') && !anchorsIn(full).has(anchor)) problems.push(`${file}: ${target} has no such heading`);
  }
  return problems;
}

/** Relative links in the README and everything under docs/. @returns {{ ok: boolean, detail: string }} */
export function checkDocumentLinks() {
  const files = [...(existsSync(at('README.md')) ? ['README.md'] : []), ...listFiles('docs', (file) => file.endsWith('.md'))];
  if (files.length === 0) return { ok: false, detail: 'No documents were read.' };
  const problems = files.flatMap((file) => findBrokenLinks(file));
  return { ok: problems.length === 0, detail: problems.length === 0 ? `${files.length} documents` : problems.join('\n') };
}
