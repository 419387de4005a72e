import type { Kysely } from 'kysely';
import type { Dialect } from './dialect.ts';
import { addCards } from './migrate-cards.ts';
import { splitIntoPartitions } from './migrate-partitions.ts';
import type { Tables } from './tables.ts';

type Step = (db: Kysely<Tables>, dialect: Dialect) => Promise<void>;

/** Forward only: a step that has been released is never edited. */
export const migrations: readonly Step[] = [
  async (db) => {
    await db.schema
      .createTable('desk')
      .addColumn('desk_id', 'text', (c) => c.primaryKey())
      .addColumn('office_id', 'text', (c) => c.notNull())
      .addColumn('public_key', 'text', (c) => c.notNull())
      .addColumn('registered_at_ms', 'bigint', (c) => c.notNull())
      .execute();
    await db.schema
      .createTable('desk_sequence')
      .addColumn('desk_id', 'text', (c) => c.notNull())
      .addColumn('epoch', 'integer', (c) => c.notNull())
      .addColumn('last_seq', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('desk_sequence_key', ['desk_id', 'epoch'])
      .execute();
    await db.schema
      .createTable('command')
      .addColumn('command_id', 'text', (c) => c.primaryKey())
      .addColumn('desk_id', 'text', (c) => c.notNull())
      .addColumn('office_id', 'text', (c) => c.notNull())
      .addColumn('desk_epoch', 'integer', (c) => c.notNull())
      .addColumn('desk_seq', 'bigint', (c) => c.notNull())
      .addColumn('aggregate_type', 'text', (c) => c.notNull())
      .addColumn('aggregate_key', 'text', (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('fingerprint', 'text', (c) => c.notNull())
      .addColumn('envelope', 'text', (c) => c.notNull())
      .addColumn('result', 'text')
      .addColumn('receipt', 'text')
      .addColumn('rev_after', 'bigint')
      .addColumn('received_at_ms', 'bigint', (c) => c.notNull())
      .execute();
    await db.schema.createIndex('command_place').on('command').columns(['desk_id', 'desk_epoch', 'desk_seq']).execute();
    await db.schema
      .createTable('aggregate')
      .addColumn('type', 'text', (c) => c.notNull())
      .addColumn('key', 'text', (c) => c.notNull())
      .addColumn('office_id', 'text', (c) => c.notNull())
      .addColumn('rev', 'bigint', (c) => c.notNull())
      .addColumn('state_rev', 'bigint', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('body', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('aggregate_key', ['type', 'key'])
      .execute();
    await db.schema
      .createTable('feed_sequencer')
      .addColumn('office_id', 'text', (c) => c.primaryKey())
      .addColumn('last_pos', 'bigint', (c) => c.notNull())
      .execute();
    await db.schema
      .createTable('change')
      .addColumn('office_id', 'text', (c) => c.notNull())
      .addColumn('pos', 'bigint', (c) => c.notNull())
      .addColumn('entity', 'text', (c) => c.notNull())
      .addColumn('id', 'text', (c) => c.notNull())
      .addColumn('rev', 'bigint', (c) => c.notNull())
      .addColumn('op', 'text', (c) => c.notNull())
      .addColumn('body', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('change_key', ['office_id', 'pos'])
      .execute();
    await db.schema
      .createTable('act')
      .addColumn('command_id', 'text', (c) => c.primaryKey())
      .addColumn('office_id', 'text', (c) => c.notNull())
      .addColumn('aggregate_key', 'text', (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('at_ms', 'bigint', (c) => c.notNull())
      .addColumn('occurred_at_ms', 'bigint', (c) => c.notNull())
      .addColumn('baku_day', 'text', (c) => c.notNull())
      .addColumn('operator_login', 'text', (c) => c.notNull())
      .addColumn('role', 'text', (c) => c.notNull())
      .addColumn('desk_id', 'text', (c) => c.notNull())
      .execute();
    await db.schema.createIndex('act_day').on('act').columns(['office_id', 'baku_day']).execute();
    await db.schema
      .createTable('operator_secret')
      .addColumn('operator_id', 'text', (c) => c.primaryKey())
      .addColumn('login', 'text', (c) => c.notNull().unique())
      .addColumn('password_hash', 'text', (c) => c.notNull())
      .addColumn('failed_tries', 'integer', (c) => c.notNull())
      .addColumn('locked_until_ms', 'bigint', (c) => c.notNull())
      .addColumn('disabled_at_ms', 'bigint')
      .execute();
    await db.schema
      .createTable('certificate')
      .addColumn('serial', 'text', (c) => c.primaryKey())
      .addColumn('application_id', 'text', (c) => c.notNull())
      .addColumn('ordinal', 'integer', (c) => c.notNull().defaultTo(0))
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('holder_fin', 'text', (c) => c.notNull())
      .addColumn('phone', 'text', (c) => c.notNull())
      .addColumn('iccid', 'text', (c) => c.notNull())
      .addColumn('voen', 'text', (c) => c.notNull())
      .addColumn('organisation_name', 'text', (c) => c.notNull())
      .addColumn('validity_rule', 'text', (c) => c.notNull())
      .addColumn('not_before_ms', 'bigint', (c) => c.notNull())
      .addColumn('not_after_ms', 'bigint', (c) => c.notNull())
      .addColumn('der', 'text', (c) => c.notNull())
      .addColumn('revoked_at_ms', 'bigint')
      .addColumn('reason', 'text', (c) => c.notNull())
      .execute();
    await db.schema.createIndex('certificate_phone').on('certificate').column('phone').execute();
    await db.schema.createIndex('certificate_application').on('certificate').column('application_id').execute();
    await db.schema
      .createTable('open_act')
      .addColumn('fin', 'text', (c) => c.notNull())
      .addColumn('phone', 'text', (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('voen', 'text', (c) => c.notNull())
      .addColumn('application_id', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('open_act_key', ['fin', 'phone', 'kind', 'voen'])
      .execute();
    await db.schema.createIndex('open_act_application').on('open_act').column('application_id').execute();
    await db.schema
      .createTable('sim_card')
      .addColumn('phone', 'text', (c) => c.primaryKey())
      .addColumn('iccid', 'text', (c) => c.notNull())
      .addColumn('user_id', 'text', (c) => c.notNull())
      .addColumn('holder_fin', 'text', (c) => c.notNull())
      .execute();
    await db.schema
      .createTable('sim_key')
      .addColumn('key_id', 'text', (c) => c.primaryKey())
      .addColumn('phone', 'text', (c) => c.notNull())
      .addColumn('usage', 'text', (c) => c.notNull())
      .addColumn('serial', 'text', (c) => c.notNull())
      .addColumn('private_key', 'text', (c) => c.notNull())
      .addColumn('public_key', 'text', (c) => c.notNull())
      .execute();
    await db.schema.createIndex('sim_key_phone').on('sim_key').column('phone').execute();
    await db.schema
      .createTable('lease')
      .addColumn('application_id', 'text', (c) => c.primaryKey())
      .addColumn('desk_id', 'text', (c) => c.notNull())
      .addColumn('token', 'bigint', (c) => c.notNull())
      .addColumn('until_ms', 'bigint', (c) => c.notNull())
      .addColumn('operator_login', 'text', (c) => c.notNull())
      .execute();
    await db.schema
      .createTable('revocation_list')
      .addColumn('id', 'integer', (c) => c.primaryKey())
      .addColumn('number', 'bigint', (c) => c.notNull())
      .addColumn('der', 'text', (c) => c.notNull())
      .addColumn('this_update_ms', 'bigint', (c) => c.notNull())
      .addColumn('is_stale', 'integer', (c) => c.notNull())
      .execute();
  },
  splitIntoPartitions,
  async (db) => {
    await db.schema
      .createTable('key_recovery')
      .addColumn('request_id', 'text', (c) => c.primaryKey())
      .addColumn('desk_id', 'text', (c) => c.notNull())
      .addColumn('office_id', 'text', (c) => c.notNull())
      .addColumn('first_login', 'text', (c) => c.notNull())
      .addColumn('second_login', 'text', (c) => c.notNull())
      .addColumn('recovery_key_id', 'text', (c) => c.notNull())
      .addColumn('database_key_id', 'text', (c) => c.notNull())
      .addColumn('device_key_id', 'text', (c) => c.notNull())
      .addColumn('check_number', 'text', (c) => c.notNull())
      .addColumn('at_ms', 'bigint', (c) => c.notNull())
      .execute();
    await db.schema.createIndex('key_recovery_desk').on('key_recovery').columns(['desk_id', 'at_ms']).execute();
    await db.schema
      .createTable('audit_seal')
      .addColumn('partition', 'integer', (c) => c.notNull())
      .addColumn('desk_id', 'text', (c) => c.notNull())
      .addColumn('epoch', 'integer', (c) => c.notNull())
      .addColumn('no', 'bigint', (c) => c.notNull())
      .addColumn('upto_seq', 'bigint', (c) => c.notNull())
      .addColumn('head', 'text', (c) => c.notNull())
      .addColumn('next_key', 'text', (c) => c.notNull())
      .addColumn('seal', 'text', (c) => c.notNull())
      .addColumn('taken_at_ms', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('audit_seal_key', ['partition', 'desk_id', 'epoch', 'no'])
      .execute();
  },
  addCards,
];
