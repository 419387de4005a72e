import { createPrivateKey, sign, type KeyObject } from 'node:crypto';
import { Agent, request } from 'undici';
import { v7 as uuidv7 } from 'uuid';
import type { Faults, OperatorRecord } from '../../../src/shared/registry-api/endpoints.ts';
import {
  aggregateTypeOf,
  keyOfAggregate,
  type CommandKind,
  type CommandPayload,
  type CommandResult,
  type Envelope,
} from '../../../src/shared/registry-api/envelope.ts';
import { applicationDataSchema, type ApplicationData } from '../../../src/shared/rules/application-data.ts';
import { canonicalJson, sha256Hex } from '../../../src/registry/intake/canonical.ts';
import { examplePowerOfAttorney } from '../../../src/shared/rules/example-application.ts';
import {
  trainingOperators,
  trainingOperatorsOf,
  trainingPassword,
  wellKnown,
  type DeskCredentials,
  type RunningRegistry,
} from '../../../src/registry/index.ts';

export interface Answer<T = unknown> {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: T;
}

type Override = Partial<Omit<Envelope, 'payload'>>;

/** A desk without a desk program: its key, its counter and its connection. */
export class TestDesk {
  readonly credentials: DeskCredentials;
  readonly registry: RunningRegistry;
  readonly #agent: Agent;
  readonly #key: KeyObject;
  #seq = 0;

  constructor(registry: RunningRegistry, credentials: DeskCredentials) {
    this.registry = registry;
    this.credentials = credentials;
    this.#key = createPrivateKey(credentials.privateKeyPem);
    this.#agent = new Agent({
      connect: { ca: credentials.registryCaPem, cert: credentials.certificatePem, key: credentials.privateKeyPem },
    });
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async call<T = unknown>(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'HEAD',
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const isBytes = body instanceof Uint8Array;
    const response = await request(`${this.registry.url}${path}`, {
      method,
      dispatcher: this.#agent,
      headers: { ...(body === undefined || isBytes ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: isBytes ? Buffer.from(body) : JSON.stringify(body) }),
    });
    const text = await response.body.text();
    return { status: response.statusCode, headers: response.headers, body: (text === '' ? undefined : JSON.parse(text)) as T };
  }

  async setFaults(faults: Partial<Faults>): Promise<void> {
    await this.registry.setFaults(faults);
  }

  /** A signed command; `override` is signed too, so a wrong field is the desk's own doing. */
  command<K extends CommandKind>(kind: K, payload: CommandPayload<K>, login: string, override: Override = {}): Envelope {
    const { officeId: office } = this.credentials;
    const operator = [...trainingOperators, ...trainingOperatorsOf(office)].find((each) => each.login === login);
    const type = aggregateTypeOf(kind);
    const key = String((payload as Record<string, unknown>)[keyOfAggregate[type]]);
    const unsigned: Omit<Envelope, 'sig'> = {
      v: 1,
      command_id: uuidv7(),
      desk_id: this.credentials.deskId,
      desk_epoch: 1,
      desk_seq: 0,
      aggregate: { type, key },
      after: '',
      base_rev: null,
      lease_token: 0,
      kind,
      kind_v: 1,
      payload,
      payload_sha256: sha256Hex(canonicalJson(payload)),
      attachments: [],
      actor: {
        operator_id: operator?.operatorId ?? login,
        login,
        role: operator?.roles[0] ?? 'registrar',
        auth_method: 'password_online',
        session_id: 's-1',
      },
      occurred_at_ms: Date.now(),
      boot_id: 'b-1',
      mono_ms: 1,
      clock_offset_ms: 0,
      audit_seq: 1,
      audit_head: '0'.repeat(64),
      app_version: '0.1.0',
      schema_version: 1,
      ...override,
    };
    return this.sign(unsigned);
  }

  sign(unsigned: Omit<Envelope, 'sig'>): Envelope {
    const sig = sign('sha256', Buffer.from(canonicalJson(unsigned), 'utf8'), { key: this.#key, dsaEncoding: 'ieee-p1363' }).toString(
      'base64url',
    );
    return { ...unsigned, sig };
  }

  nextSeq(): number {
    this.#seq += 1;
    return this.#seq;
  }

  async intent(envelope: Envelope): Promise<CommandResult> {
    const answer = await this.call<CommandResult>('POST', '/v1/sync/intents', envelope);
    if (answer.status !== 200) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  async push(commands: readonly Envelope[]): Promise<CommandResult[]> {
    const answer = await this.call<{ results: CommandResult[] }>('POST', '/v1/sync/commands', { commands });
    if (answer.status !== 200) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body.results;
  }

  async signIn(
    login: string,
    password = trainingPassword(login),
  ): Promise<Answer<{ operator: OperatorRecord; code: string; until_ms: number }>> {
    return await this.call('POST', '/v1/session', { login, password, officeId: this.credentials.officeId });
  }
}

export const officeId = 'telim-1';
/** Cheap hashing: what is tested is the logic, not the cost. */
export const lightPasswords = { memoryKib: 1_024, passes: 1 } as const;

/** A refusal of a case that was never sent: an act that needs nothing but itself and makes a case of its own. */
export function refusalOf(desk: TestDesk, override: Override = {}, applicationId: string = uuidv7()): Envelope {
  const payload: CommandPayload<'application.refuse'> = {
    applicationId,
    reasonCode: 'M-04',
    note: '',
    invalidityNote: false,
    returnedDocuments: [],
    summary: { category: 'K1', fin: 'QYD0099', surname: 'SINAQ', givenName: 'SINAQ' },
    lookUps: [],
  };
  return desk.command('application.refuse', payload, 'leyla', override);
}

export interface DataOf {
  readonly fin: string;
  readonly phone: string;
  readonly kinds?: ApplicationData['kinds'];
  readonly category?: ApplicationData['category'];
  readonly purpose?: ApplicationData['purpose'];
  readonly voen?: string;
  readonly iccid?: string;
}

/** A filled application for one of the well-known cast. */
export function dataOf(wanted: DataOf): ApplicationData {
  const person = wellKnown.people.find((each) => each.fin === wanted.fin);
  const sim = wellKnown.sims.find((each) => each.phone === wanted.phone);
  const organisation = wellKnown.organisations.find((each) => each.voen === wanted.voen);
  if (person === undefined || sim === undefined) throw new Error('Not in the cast.');
  const [document] = person.documents;
  const category = wanted.category ?? 'K1';
  const isEmployee = category === 'K2' || category === 'K4' || category === 'K6';
  return applicationDataSchema.parse({
    purpose: wanted.purpose ?? 'first',
    category,
    document: { ...document },
    person: {
      fin: person.fin,
      surname: person.surname,
      givenName: person.givenName,
      fatherName: person.fatherName,
      sex: person.sex,
      birthOn: person.birthOn,
      birthPlace: person.birthPlace,
      citizenship: person.citizenship,
    },
    contact: { registeredAddress: person.registeredAddress, phone: '+994500000099' },
    carrier: { phone: sim.phone, iccid: wanted.iccid ?? sim.iccid, operator: sim.operator, connectionFormNumber: 'F-1' },
    kinds: wanted.kinds ?? ['PER'],
    organisation:
      organisation === undefined
        ? {}
        : {
            voen: organisation.voen,
            name: organisation.name,
            position: 'mütəxəssis',
            standing: isEmployee ? 'employee' : 'head',
            bodyKind: organisation.bodyKind,
          },
    powersOfAttorney: isEmployee
      ? [
          {
            ...examplePowerOfAttorney('appendix-7', organisation?.voen ?? '', person.fin),
            certification: category === 'K6' ? 'letterhead_seal' : 'notarised',
            validUntilOn: '2099-12-31',
          },
        ]
      : [],
    presented: Object.fromEntries(
      ['D-01', 'D-02', 'D-09', 'D-10', ...(isEmployee ? ['D-05'] : [])].map((code) => [code, { isShown: true }]),
    ),
    secretQuestion: 'first_school',
    consent: { textVersion: '1', givenAtMs: 1 },
  });
}

export function submission(data: ApplicationData, applicationId: string = uuidv7()): CommandPayload<'application.send'> {
  return { applicationId, data, filedAtMs: Date.now(), lookUps: [], secretAnswerHash: '$argon2id$test' };
}

/** A case brought to the state where its contract is signed; gives what the next command needs. */
export async function sendAndSign(
  desk: TestDesk,
  data: ApplicationData,
): Promise<{ applicationId: string; after: string; sent: CommandResult }> {
  const send = desk.command('application.send', submission(data), 'leyla');
  const sent = await desk.intent(send);
  if (sent.result.outcome !== 'applied') throw new Error(JSON.stringify(sent.result));
  const applicationId = send.aggregate.key;
  const sign = desk.command(
    'application.sign_contract',
    { applicationId, paperNumber: 'telim-1-2026-000001', centreSignedBy: 'Fərid Ağayev', signedAtMs: Date.now() },
    'leyla',
    { desk_seq: desk.nextSeq(), after: send.command_id, base_rev: 1, lease_token: sent.result.lease_token ?? 0 },
  );
  await desk.push([sign]);
  return { applicationId, after: sign.command_id, sent };
}

export function activation(
  desk: TestDesk,
  applicationId: string,
  after: string,
  override: Override & { bySupport?: boolean; login?: string } = {},
): Envelope {
  const { bySupport = false, login = 'leyla', ...rest } = override;
  return desk.command('application.activate', { applicationId, attempt: 1, bySupport }, login, { after, base_rev: 1, ...rest });
}
