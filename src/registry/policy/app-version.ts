/** Whether a program is older than the oldest that is served. One that does not say its version is. */
export function isAppTooOld(version: string, oldest: string): boolean {
  const [mine, wanted] = [parse(version), parse(oldest)];
  for (const [index, part] of wanted.entries()) if ((mine[index] ?? -1) !== part) return (mine[index] ?? -1) < part;
  return false;
}

function parse(version: string): number[] {
  const [, ...parts] = /^(\d+)\.(\d+)\.(\d+)/u.exec(version) ?? [];
  return parts.map(Number);
}
