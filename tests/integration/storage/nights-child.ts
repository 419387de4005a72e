import path from 'node:path';
import { backUpDatabase, freeAfterBackupBytes, listBackups } from '../../../src/core/storage/recovery/backups.ts';
import { freeBytesOf } from '../../../src/core/storage/recovery/files.ts';
import { openWorkedDesk, workedDeskId, workedKeyHex } from '../../support/worked-desk.ts';

/** Works on a disk of a few MiB and makes a copy every night; says what came of it. Arguments: folder, bytes that a copy must leave free. */
const [folder = '', spare = '0'] = process.argv.slice(2);
const file = path.join(folder, 'desk.db');
const target = { file, keyHex: workedKeyHex, deskId: workedDeskId };
const desk = await openWorkedDesk(file);
desk.act(3);
const first = await backUpDatabase(target, { nowMs: 1, freeAfterBytes: freeAfterBackupBytes });
let leastFreeBytes = Infinity;
for (let night = 2; night < 14; night += 1) {
  await backUpDatabase(target, { nowMs: night, freeAfterBytes: Number(spare) });
  leastFreeBytes = Math.min(leastFreeBytes, freeBytesOf(folder) ?? 0);
}
const acts = desk.act(3).length;
desk.db.close();
process.stdout.write(
  JSON.stringify({ first: first.ok ? 'OK' : first.failure.code, leastFreeBytes, copies: listBackups(file).length, acts }),
);
