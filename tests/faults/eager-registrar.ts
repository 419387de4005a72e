import { setTimeout as wait } from 'node:timers/promises';
import { systemRandomness } from '../../src/core/platform/randomness.ts';
import type { Database } from '../../src/core/storage/database.ts';
import type { ApplicationView } from '../../src/shared/contract/application.ts';
import type { DeskClient } from '../../src/shared/contract/index.ts';
import { applicationDataSchema, type ApplicationData } from '../../src/shared/rules/application-data.ts';
import type { PaperForm } from '../../src/shared/rules/vocabulary.ts';

/** What the parent asks of a desk that was just killed and opened again. */
export interface Life {
  readonly round: number;
  readonly applicationIds: readonly string[];
  readonly commandIds: readonly string[];
  readonly paperIds: readonly string[];
}

/** What a use case answered. Said only after the answer, so everything in it was shown as saved. */
export interface Saved {
  readonly useCase: string;
  readonly commandId: string;
  readonly application: Shown | null;
  readonly papers: readonly { readonly paperId: string; readonly number: string; readonly copy: number; readonly state: string }[];
}
export interface Shown {
  readonly applicationId: string;
  readonly version: number;
  readonly mark: number;
  readonly state: string;
  readonly serials: readonly string[];
  readonly userId: string;
}
export interface Held {
  readonly applications: Readonly<Record<string, Shown>>;
  readonly missingCommandIds: readonly string[];
  readonly papers: Readonly<Record<string, { readonly number: string; readonly copy: number; readonly state: string }>>;
}

export interface Work {
  readonly db: Database;
  readonly client: DeskClient;
  readonly life: Life;
  readonly applicants: readonly ApplicationData[];
  readonly say: (word: 'held' | 'saved' | 'trouble', value: unknown) => void;
}

const refusalsOfALife = 6;

/**
 * Says what the file still holds, then works on two things at once: cases that are refused, and one case that is carried from its first key to
 * the activated certificates: a case that the last life left unfinished is taken up where it stands.
 */
export async function workEagerly(work: Work): Promise<void> {
  work.say('held', await look(work));
  await Promise.all([refuseCases(work), activateCases(work)]);
}

async function look({ db, client, life }: Work): Promise<Held> {
  const applications: Record<string, Shown> = {};
  for (const applicationId of life.applicationIds) {
    const isThere = db.get('SELECT 1 AS one FROM application WHERE application_id = @applicationId', { applicationId }) !== undefined;
    if (isThere) applications[applicationId] = shownOf(await client.application.get({ applicationId }));
  }
  const missingCommandIds = life.commandIds.filter(
    (commandId) => db.get('SELECT 1 AS one FROM remembered_commands WHERE command_id = @commandId', { commandId }) === undefined,
  );
  const papers: Record<string, { number: string; copy: number; state: string }> = {};
  for (const paperId of life.paperIds) {
    const row = db.get('SELECT number, copy, state FROM paper WHERE paper_id = @paperId', { paperId });
    if (row !== undefined) papers[paperId] = { number: String(row['number']), copy: Number(row['copy']), state: String(row['state']) };
  }
  return { applications, missingCommandIds, papers };
}

const addressWord = 'Mənzil ';

export function shownOf(view: ApplicationView): Shown {
  const { applicationId, version, state, userId } = view;
  const mark = Number(view.data.contact.actualAddress.slice(addressWord.length));
  return { applicationId, version, mark, state, serials: view.certificates.map(({ serial }) => serial).sort(), userId };
}

/** Each save of a draft writes a higher number than any before it, in this life or an earlier one. */
function withMark(data: ApplicationData, mark: number): ApplicationData {
  return { ...data, contact: { ...data.contact, actualAddress: `${addressWord}${mark}` } };
}

let saves = 0;
const nextMark = (life: Life): number => {
  saves += 1;
  return life.round * 1000 + saves;
};

/** Runs one use case under a new id and says it when it has answered. A refusal that the link explains is tried again later. */
async function act(work: Work, useCase: string, run: (commandId: string) => Promise<ApplicationView | Saved['papers']>): Promise<void> {
  const commandId = systemRandomness.uuid();
  try {
    const answer = await run(commandId);
    const told = 'applicationId' in answer ? { application: shownOf(answer), papers: [] } : { application: null, papers: answer };
    work.say('saved', { useCase, commandId: isRemembered(useCase) ? commandId : '', ...told } satisfies Saved);
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : String(error);
    work.say('trouble', `${useCase}: ${code}`);
    await wait(50);
  }
}
const isRemembered = (useCase: string): boolean => useCase !== 'saveDraft' && useCase !== 'askOutcome';

async function refuseCases(work: Work): Promise<void> {
  const { application } = work.client;
  for (let made = 0; made < refusalsOfALife; made += 1) {
    let view: ApplicationView | undefined;
    await act(work, 'create', async (commandId) => (view = await application.create({ commandId, category: 'K1' })));
    if (view === undefined) continue;
    const { applicationId } = view;
    for (let save = 0; save < 2; save += 1) {
      await act(work, 'saveDraft', async () => {
        const { version, data } = await application.get({ applicationId });
        return (await application.saveDraft({ applicationId, version, data: withMark(data, nextMark(work.life)) })).application;
      });
    }
    await act(work, 'refuse', async (commandId) => {
      const returnedDocuments = [{ document: 'citizen_card', note: '' }];
      return (await application.refuse({ commandId, applicationId, reasonCode: 'documents_missing', note: '', returnedDocuments }))
        .application;
    });
    await wait(120);
  }
}

async function activateCases(work: Work): Promise<void> {
  const { db, client, life } = work;
  const own = work.applicants[life.round];
  let isOwnUsed = false;
  for (;;) {
    const row = db.get(
      "SELECT application_id AS id, pending_kind FROM application WHERE json_extract(data, '$.person.fin') <> '' AND user_id = '' AND state <> 'REFUSED' ORDER BY filed_at_ms LIMIT 1",
    );
    if (row !== undefined)
      await advance(work, await client.application.get({ applicationId: String(row['id']) }), row['pending_kind'] !== 'none');
    else if (own !== undefined && !isOwnUsed) {
      isOwnUsed = true;
      await begin(work, own);
    } else return;
  }
}

async function begin(work: Work, applicant: ApplicationData): Promise<void> {
  const { application } = work.client;
  let created: ApplicationView | undefined;
  await act(work, 'create', async (commandId) => (created = await application.create({ commandId, category: 'K1' })));
  if (created === undefined) return;
  const { applicationId, version } = created;
  const data = withMark(applicationDataSchema.parse(applicant), nextMark(work.life));
  await act(work, 'saveDraft', async () => (await application.saveDraft({ applicationId, version, data })).application);
}

/** The next use case of a case that has its applicant. */
async function advance(work: Work, view: ApplicationView, isPending: boolean): Promise<void> {
  const { application } = work.client;
  const { applicationId, state } = view;
  const step = (useCase: string, run: (commandId: string) => Promise<{ application: ApplicationView }>): Promise<void> =>
    act(work, useCase, async (commandId) => (await run(commandId)).application);
  const lacksLookUp = (['person', 'sim'] as const).find(
    (kind) => !view.lookUps.some((done) => done.kind === kind && done.outcome === 'found'),
  );

  if (view.bearerConfirmed !== 'is_bearer')
    return step('confirmBearer', (commandId) => application.confirmBearer({ commandId, applicationId, isBearer: true }));
  if (view.data.consent.givenAtMs === 0)
    return step('giveConsent', (commandId) => application.giveConsent({ commandId, applicationId, textVersion: '2026-1' }));
  if (!view.hasSecretAnswer)
    return step('setSecretAnswer', (commandId) =>
      application.setSecretAnswer({ commandId, applicationId, question: 'first_school', answer: 'Sınaq məktəbi' }),
    );
  if (lacksLookUp !== undefined) return step('lookUp', (commandId) => application.lookUp({ commandId, applicationId, kind: lacksLookUp }));
  // Its outcome is unknown since the last life: the same id is asked, never a new one made.
  if (isPending) return step('askOutcome', () => application.askOutcome({ applicationId }));
  if (state === 'DRAFT' || state === 'CHECKING') return step('send', (commandId) => application.send({ commandId, applicationId }));
  if (state === 'CONTRACT') {
    if (await isPrinted(work, applicationId, 'appendix-5', ''))
      return step('confirmContractSigned', (commandId) =>
        application.confirmContractSigned({ commandId, applicationId, centreSigned: true, applicantSigned: true }),
      );
    return;
  }
  if (state !== 'CERT_PRINTED' && state !== 'ACTIVATING') throw new Error(`A case came to ${state}`);
  for (const { kind, serial } of view.certificates) if (kind !== 'AUT' && !(await isPrinted(work, applicationId, 'F-20', serial))) return;
  return step('activate', (commandId) => application.activate({ commandId, applicationId }));
}

/** True when every copy came out well; else does the next thing towards it. */
async function isPrinted(work: Work, applicationId: string, form: PaperForm, certificateSerial: string): Promise<boolean> {
  const { paper } = work.client;
  const papers = (await paper.list({ applicationId })).filter((each) => each.form === form && each.certificateSerial === certificateSerial);
  const inState = (state: string): string[] => papers.filter((each) => each.state === state).map(({ paperId }) => paperId);
  if (papers.length > 0 && papers.every(({ state }) => state === 'printed')) return true;
  const [prepared, printing] = [inState('prepared'), inState('printing')];
  if (printing.length > 0)
    await act(work, 'paper.confirm', (commandId) => paper.confirm({ commandId, paperIds: printing, verdict: 'good' }));
  else if (prepared.length > 0)
    await act(work, 'paper.print', (commandId) => paper.print({ commandId, paperIds: prepared, printer: 'tray' }));
  else await act(work, 'paper.prepare', (commandId) => paper.prepare({ commandId, applicationId, form, certificateSerial }));
  return false;
}
