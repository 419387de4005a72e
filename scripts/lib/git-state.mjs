// Which commit is checked out, and whether the tree is exactly that commit.
import { spawnSync } from 'node:child_process';
import { root } from './paths.mjs';

function git(args) {
  const result = spawnSync('git', args, { cwd: root, encoding: 'utf8' });
  return result.status === 0 ? result.stdout.trim() : undefined;
}

/** `commit` is undefined outside a repository or before the first commit; `clean` counts new files that are not ignored. */
export function readGitState() {
  const commit = git(['rev-parse', '--verify', 'HEAD']);
  const changes = git(['status', '--porcelain', '--untracked-files=normal']);
  return { commit, clean: commit !== undefined && changes === '' };
}
