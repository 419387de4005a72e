import { spawnSync } from 'node:child_process';

/**
 * Forbids the system to write this process's memory to the disk when it crashes, and that of every process it starts: personal data and keys lie
 * there in clear. Answers false where it could not be forbidden.
 *
 * One byte and not none: below a page no file is written, and exactly one also keeps Linux from piping the memory to a crash collector, which
 * none would allow. Windows and macOS write no memory of a program unless an administrator has asked for it. Source: core(5), Linux fs/coredump.c
 */
export function forbidCoreDumps(pid: number = process.pid): boolean {
  if (process.platform !== 'linux') return true;
  // Where an administrator has allowed none already, one cannot be asked for any more.
  return ['1:1', '0:0'].some((limit) => spawnSync('prlimit', ['--pid', String(pid), `--core=${limit}`], { stdio: 'ignore' }).status === 0);
}

export const coreDumpsNotForbidden =
  'Diqqət: prlimit əmri tapılmadı, ona görə proqram qəfil dayansa, sistem onun yaddaşını diskə yaza bilər. util-linux paketini quraşdırın.';
