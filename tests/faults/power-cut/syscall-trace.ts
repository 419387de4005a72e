import path from 'node:path';

/** What a program did to the files of one folder, in order, as the kernel took it. A file is a number: its name may change. */
export type DiskStep =
  | { readonly kind: 'write'; readonly inode: number; readonly at: number; readonly bytes: Buffer }
  | { readonly kind: 'size'; readonly inode: number; readonly sizeBytes: number }
  | { readonly kind: 'sync'; readonly inode: number; readonly isDone: boolean }
  | { readonly kind: 'name'; readonly name: string; readonly inode: number | null; readonly from: string | null }
  | { readonly kind: 'syncFolder'; readonly folder: string; readonly isDone: boolean }
  /** The program said that so much is saved. */
  | { readonly kind: 'acked'; readonly commandId: string };

/** The calls that can change a file, and those that tell which file they are about. */
export const tracedCalls = [
  'openat',
  'open',
  'creat',
  'close',
  'pwrite64',
  'write',
  'pwritev',
  'pwritev2',
  'writev',
  'fsync',
  'fdatasync',
  'sync_file_range',
  'ftruncate',
  'truncate',
  'fallocate',
  'rename',
  'renameat',
  'renameat2',
  'unlink',
  'unlinkat',
  'link',
  'linkat',
  'mkdir',
  'mmap',
  'copy_file_range',
  'sendfile',
];

interface OpenFile {
  readonly inode: number;
  /** Null: a folder. */
  readonly folder: string | null;
  at: number;
  readonly isAppending: boolean;
}

/** Files that are no data: the index of the log is memory that happens to have a name, the lock is empty. */
const isNoData = (name: string): boolean => name.endsWith('-shm') || name.endsWith('.lock');

/**
 * Reads traces of several lives on one folder, one after the other (`strace -xx -y` of the main thread). Any call that could change a file in a way
 * that is not understood throws, above all a shared mapping of something that is data.
 */
export function createTraceReader(folder: string) {
  const steps: DiskStep[] = [];
  const names = new Map<string, number>();
  const sizes = new Map<number, number>();
  let nextInode = 1;
  let indexMappings = 0;

  const inFolder = (file: string): string | null => {
    const name = path.relative(folder, file);
    return name === '' || name.startsWith('..') || isNoData(name) ? null : name;
  };
  const put = (file: OpenFile, at: number, bytes: Buffer): void => {
    steps.push({ kind: 'write', inode: file.inode, at, bytes });
    sizes.set(file.inode, Math.max(sizes.get(file.inode) ?? 0, at + bytes.length));
  };
  const resize = (inode: number, sizeBytes: number): void => {
    if ((sizes.get(inode) ?? 0) === sizeBytes) return;
    steps.push({ kind: 'size', inode, sizeBytes });
    sizes.set(inode, sizeBytes);
  };
  const open = (file: string, flags: string): OpenFile | null => {
    if (file === folder || (file.startsWith(`${folder}/`) && flags.includes('O_DIRECTORY')))
      return { inode: 0, folder: path.relative(folder, file), at: 0, isAppending: false };
    const name = inFolder(file);
    if (name === null) return null;
    let inode = names.get(name);
    if (inode === undefined) {
      // A folder opened to be synced is known by having no name as a file.
      if (!flags.includes('O_CREAT')) return { inode: 0, folder: name, at: 0, isAppending: false };
      inode = nextInode++;
      names.set(name, inode);
      sizes.set(inode, 0);
      steps.push({ kind: 'name', name, inode, from: null });
    } else if (flags.includes('O_TRUNC')) resize(inode, 0);
    return { inode, folder: null, at: 0, isAppending: flags.includes('O_APPEND') };
  };

  const readLine = (line: string, files: Map<number, OpenFile>): void => {
    const call = /^(\w+)\((.*)\)\s+= (-?\d+|0x[0-9a-f]+)/su.exec(line);
    if (call === null) return;
    const [, name = '', words = '', result = ''] = call;
    const hasFailed = result.startsWith('-');
    const isSync = name === 'fsync' || name === 'fdatasync';
    if (hasFailed && !isSync) return;
    const strings = [...words.matchAll(/"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?/gu)].map(([, text = '', cut]) => {
      if (cut !== undefined) throw new Error(`The trace cut a ${name} short`);
      return Buffer.from(text.replaceAll('\\x', ''), 'hex');
    });
    const textOf = (index: number): string => path.resolve((strings[index] ?? Buffer.alloc(0)).toString('utf8'));
    const handle = Number(/^\d+/u.exec(words)?.[0] ?? -1);
    const file = files.get(handle);
    const numbers = words.slice(words.lastIndexOf('"') + 1).split(', ');
    switch (name) {
      case 'openat':
      case 'open': {
        const opened = open(textOf(0), words.slice(words.lastIndexOf('"') + 1));
        if (opened === null) files.delete(Number(result));
        else files.set(Number(result), opened);
        return;
      }
      case 'close':
        files.delete(handle);
        return;
      case 'pwrite64':
        if (file !== undefined) put(file, Number(numbers.at(-1)), (strings[0] ?? Buffer.alloc(0)).subarray(0, Number(result)));
        return;
      case 'write': {
        const bytes = (strings[0] ?? Buffer.alloc(0)).subarray(0, Number(result));
        if (handle === 1)
          for (const [, commandId = ''] of bytes.toString('utf8').matchAll(/^acked (\S+)$/gmu)) steps.push({ kind: 'acked', commandId });
        if (file === undefined) return;
        const at = file.isAppending ? (sizes.get(file.inode) ?? 0) : file.at;
        put(file, at, bytes);
        file.at = at + bytes.length;
        return;
      }
      case 'fsync':
      case 'fdatasync':
        if (file === undefined) return;
        if (file.folder === null) steps.push({ kind: 'sync', inode: file.inode, isDone: !hasFailed });
        else steps.push({ kind: 'syncFolder', folder: file.folder, isDone: !hasFailed });
        return;
      case 'ftruncate':
        if (file !== undefined) resize(file.inode, Number(words.slice(words.lastIndexOf(', ') + 2)));
        return;
      case 'unlink': {
        const gone = inFolder(textOf(0));
        if (gone === null || !names.delete(gone)) return;
        steps.push({ kind: 'name', name: gone, inode: null, from: null });
        return;
      }
      case 'rename': {
        const [from, to] = [inFolder(textOf(0)), inFolder(textOf(1))];
        if (from === null && to === null) return;
        const inode = from === null ? undefined : names.get(from);
        if (inode === undefined || from === null || to === null) throw new Error(`A rename that is not understood: ${line.slice(0, 200)}`);
        names.delete(from);
        names.set(to, inode);
        steps.push({ kind: 'name', name: to, inode, from });
        return;
      }
      case 'mmap': {
        const mapped = /<((?:\\x[0-9a-f]{2})*)>/u.exec(words);
        if (mapped === null || !words.includes('MAP_SHARED')) return;
        const at = Buffer.from((mapped[1] ?? '').replaceAll('\\x', ''), 'hex').toString('utf8');
        if (!at.startsWith(`${folder}/`)) return;
        if (!at.endsWith('-shm')) throw new Error(`${at} is mapped: what is written there is in no trace`);
        indexMappings += 1;
        return;
      }
      case 'mkdir':
        return;
      default:
        if (file !== undefined || strings.some((text) => text.toString('utf8').startsWith(folder)))
          throw new Error(`A call that is not understood: ${line.slice(0, 200)}`);
    }
  };

  return {
    /** One life. */
    read(text: string): void {
      const files = new Map<number, OpenFile>();
      for (const line of text.split('\n')) readLine(line, files);
    },
    recording: () => ({ steps, indexMappings }),
  };
}
