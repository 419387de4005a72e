import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { PolicyContent } from '../shared/registry-api/policy.ts';
import { startRegistry } from './index.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '.run/registry' },
    port: { type: 'string', default: '0' },
    'public-port': { type: 'string', default: '0' },
    database: { type: 'string' },
    faults: { type: 'boolean', default: false },
    training: { type: 'boolean', default: false },
    office: { type: 'string', default: 'telim-1' },
    // More offices with training operators, separated by commas.
    'more-offices': { type: 'string', default: '' },
    'personalisation-office': { type: 'string' },
    restored: { type: 'boolean', default: false },
    policy: { type: 'string' },
    // Once: a new key for the wraps of the desks; the older ones are kept.
    'new-recovery-key': { type: 'boolean', default: false },
    // Once: refuses this desk everything.
    'revoke-desk': { type: 'string' },
  },
});

const running = await startRegistry({
  folder: values.data,
  port: Number(values.port),
  publicPort: Number(values['public-port']),
  allowFaults: values.faults,
  isRestored: values.restored,
  // Checked when it is laid over the stored policy.
  ...(values.policy === undefined ? {} : { policy: JSON.parse(readFileSync(values.policy, 'utf8')) as Partial<PolicyContent> }),
  ...(values['personalisation-office'] === undefined ? {} : { personalisationOffice: values['personalisation-office'] }),
  ...(values.database === undefined ? {} : { database: values.database }),
  // Training operators have public passwords, so nothing is lost by a light cost and their start is quick.
  ...(values.training
    ? {
        seedTraining: { officeId: values.office, moreOffices: values['more-offices'].split(',').filter((each) => each !== '') },
        passwordCost: { memoryKib: 8_192, passes: 1 },
      }
    : {}),
  log: (message, error) => {
    process.stderr.write(`${message}${error instanceof Error ? `: ${error.message}` : ''}\n`);
  },
});
if (values['new-recovery-key']) process.stdout.write(`recovery key ${await running.renewRecoveryKey()}\n`);
if (values['revoke-desk'] !== undefined) running.revokeDesk(values['revoke-desk']);
process.stdout.write(`registry ${running.url}\n`);
if (running.controlUrl !== '') process.stdout.write(`control ${running.controlUrl}\n`);
process.stdout.write(`certificates ${running.publicUrl}\n`);

let isStopping = false;
const stop = () => {
  if (isStopping) return;
  isStopping = true;
  void running.stop();
};
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
// A parent that started this program as a child ends it by closing the channel.
process.once('disconnect', stop);
