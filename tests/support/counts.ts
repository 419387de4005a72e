/** `npm run prove` sets it: full counts, which may take an hour. `npm test` runs the same tests with small ones. */
export const isProving: boolean = process.env['QEYD_PROVE'] === '1';

export function count(small: number, full: number): number {
  return isProving ? full : small;
}
