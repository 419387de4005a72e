import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { changesPageSchema } from '../../src/shared/registry-api/endpoints.ts';
import type { CommandKind, CommandPayload, CommandResult } from '../../src/shared/registry-api/envelope.ts';
import type { TestDesk } from '../integration/registry/test-desk.ts';

/** The card that the centre makes in tests, with its chip and its envelope. */
export const madeCard = {
  cardSerial: '0100000000000042',
  chipSerial: '00112233445566778899',
  envelopeNumber: '0100000000000042-01',
  packageNumber: 'TELIM-2026-000001',
} as const;

/** Two requests as a chip would sign them: their keys live in files for a moment. */
function requestOfChip(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'qeyd-chip-'));
  const out = path.join(folder, 'request.der');
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', path.join(folder, 'key.pem')];
  execFileSync('openssl', ['req', '-new', ...curve, '-subj', '/CN=chip', '-outform', 'DER', '-out', out], { stdio: 'ignore' });
  const der = readFileSync(out).toString('base64');
  rmSync(folder, { recursive: true });
  return der;
}

async function revOf(desk: TestDesk, applicationId: string): Promise<number> {
  const { body } = await desk.call('GET', '/v1/sync/changes?limit=500');
  const revs = changesPageSchema
    .parse(body)
    .changes.filter(({ entity, id }) => entity === 'application' && id === applicationId)
    .map(({ rev }) => rev);
  return Math.max(...revs);
}

function mustApply({ result }: Pick<CommandResult, 'result'>, kind: string): void {
  if (result.outcome !== 'applied') throw new Error(`${kind}: ${JSON.stringify(result)}`);
}

/** What the personalisation centre and the receipt of the package do with a request, as signed commands of a desk without a program. */
export async function makeAndDeliverCard(desk: TestDesk, applicationId: string): Promise<void> {
  const { cardSerial, chipSerial, envelopeNumber, packageNumber } = madeCard;
  const ofCard = { applicationId, cardSerial };
  const intend = async <K extends CommandKind>(kind: K, payload: CommandPayload<K>) => {
    mustApply(await desk.intent(desk.command(kind, payload, 'tural')), kind);
  };
  const push = async <K extends CommandKind>(kind: K, payload: CommandPayload<K>, login: string) => {
    const placed = { desk_seq: desk.nextSeq(), base_rev: await revOf(desk, applicationId) };
    const [answer] = await desk.push([desk.command(kind, payload, login, placed)]);
    if (answer === undefined) throw new Error(`${kind}: no answer`);
    mustApply(answer, kind);
  };
  await intend('card.claim', { ...ofCard, chipSerial });
  await intend('card.issue', { ...ofCard, authRequest: requestOfChip(), signRequest: requestOfChip() });
  await push('card.personalised', { ...ofCard, envelopeNumber, verifiedAtMs: Date.now() }, 'tural');
  await push('card.match', { ...ofCard, envelopeNumber }, 'tural');
  await push('card.dispatch', { ...ofCard, packageNumber }, 'tural');
  await push('card.receive', { ...ofCard, packageNumber, outcome: 'registered', note: '' }, 'leyla');
}
