import { mkdtempSync, rmSync, writeFileSync, chmodSync } from 'node:fs';
import path from 'node:path';
import type { PrivatePostgres } from '../integration/registry/private-postgres.ts';

/** As many as keep two cores busy without standing in each other's way. */
const peerClients = 8;

/** Commands a second that pgbench puts into the registry's own tables, each in a transaction of its own: the peer of the intake. */
export async function measurePeer(postgres: PrivatePostgres, database: string, seconds: number): Promise<number> {
  const folder = mkdtempSync('/tmp/peer-');
  // Read by the user of the database.
  chmodSync(folder, 0o755);
  const script = path.join(folder, 'peer.sql');
  writeFileSync(script, peerTransaction, { mode: 0o644 });
  try {
    const text = await postgres.run('pgbench', ['-n', '-c', String(peerClients), '-j', '2', '-T', String(seconds), '-f', script, database]);
    const rate = Number(/tps = ([\d.]+)/u.exec(text)?.[1]);
    if (!(rate > 0)) throw new Error(text);
    return rate;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What one command reads and writes: its place, its dedupe row with the answer, the case, the feed and the register of acts. */
const peerTransaction = `
\\set partition random(0, 63)
\\set place random(1, 2000000000)
begin;
insert into desk_command values (:partition, 'peer-' || :client_id, gen_random_uuid()::text, 1, :place, repeat('f', 64), 'application', 'k', 'application.refuse', 1)
  on conflict do nothing returning command_id;
select command_id, desk_id, aggregate_key, fingerprint, result, receipt, rev_after from command where partition = :partition and command_id = 'c' || :place;
select * from aggregate where partition = :partition and type = 'application' and key = 'k' || :place for update;
select operator_id, record from operator_record where operator_id = '0192f000-0000-7000-8000-000000000001';
insert into aggregate values (:partition, 'application', gen_random_uuid()::text, 'peer', 1, 1, 'REFUSED', repeat('b', 1500));
insert into feed_sequencer values (:partition, 'peer-' || :client_id, 1)
  on conflict (partition, office_id) do update set last_place = feed_sequencer.last_place + 1 returning last_place;
insert into change values (:partition, gen_random_uuid()::text, :place, 'application', 'k', 1, 'upsert', repeat('b', 1500));
insert into act values (:partition, gen_random_uuid()::text, 'peer', 'k', 'application.refuse', 1, 1, '2026-01-01', 'leyla', 'registrar', 'desk');
insert into command values (:partition, gen_random_uuid()::text, 'desk', 'peer', 1, :place, 'application', 'k', 'application.refuse', repeat('f', 64),
  repeat('e', 1400), repeat('r', 60), repeat('q', 350), 1, 1);
commit;
`;
