/**
 * A file name as it is kept beside a scan: the last part of a path, without control characters and the marks that turn reading direction round
 * (`exe.fdp` behind an override reads `pdf.exe`), no name that a system keeps for its devices, at most 120 characters. It is shown as text and never used as a path.
 */
export function cleanFileName(name: string): string {
  const last = name.normalize('NFC').split(/[\\/]/u).at(-1) ?? '';
  const clean = last
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029<>:"|?*]/gu, '')
    .trim()
    .replace(/^\.+/u, '')
    .replace(/[. ]+$/u, '');
  const short = [...clean].slice(0, 120).join('') || 'fayl';
  return deviceName.test(short) ? `_${short}` : short;
}

const deviceName = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/iu;
