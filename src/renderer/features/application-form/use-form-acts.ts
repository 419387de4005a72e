import { useRef, useState } from 'react';
import type { ApplicationView } from '../../../shared/contract/application.ts';
import type { Notice } from '../../../shared/contract/base.ts';
import { fieldsOfLookUp } from '../../../shared/rules/look-up-queries.ts';
import { filerOf } from '../../../shared/rules/signers.ts';
import { lookUpKinds, type LookUpKind } from '../../../shared/rules/vocabulary.ts';
import { announce } from '../../app/announce.ts';
import { sayCode } from '../../app/say.ts';
import { useTexts } from '../../app/text.ts';
import { desk, queries, queryClient, useAct, type Failure } from '../../desk-client/index.ts';
import { consentTextVersion } from './consent-text.ts';
import type { Draft } from './draft.ts';

type Answer = { readonly application: ApplicationView; readonly notices: readonly Notice[] };

export interface FormActs {
  readonly confirmBearer: (isBearer: boolean) => Promise<boolean>;
  readonly lookUp: () => Promise<void>;
  readonly adopt: () => Promise<void>;
  readonly giveConsent: () => void;
  readonly setSecretAnswer: (answer: string) => Promise<boolean>;
  readonly send: () => Promise<void>;
  readonly failure: Failure | null;
  readonly secretFailure: Failure | null;
  readonly notices: readonly Notice[];
  readonly running: { readonly name: 'lookUp' | 'adopt' | 'send' | 'other'; readonly sinceMs: number } | null;
}

/** What was found and is still true for what is typed. */
export function isFound(view: ApplicationView, kind: LookUpKind): boolean {
  const last = view.lookUps.findLast((one) => one.kind === kind);
  return last !== undefined && last.outcome === 'found' && !last.isStale;
}
export function needsOrganisation(view: ApplicationView): boolean {
  return view.steps.some((step) => step.code === 'organisation' && step.status !== 'not_needed');
}
/** The registers that this case asks, in the order in which they are asked. Source: SIM-08, SIM-09, AID-08..AID-10, COM-16 */
export function lookUpKindsOf(view: ApplicationView): LookUpKind[] {
  const isNeeded: Readonly<Record<LookUpKind, boolean>> = {
    person: true,
    representative: view.data.representative.isPresent,
    organisation: needsOrganisation(view),
    sim: view.data.carrier.kind === 'sim',
    entitlement: view.data.carrier.kind === 'asan_id' && view.data.carrier.entitlement === 'electronic',
    holder: false,
  };
  return lookUpKinds.filter((kind) => isNeeded[kind]);
}
export function kindsToLookUp(view: ApplicationView): LookUpKind[] {
  return lookUpKindsOf(view).filter((kind) => !isFound(view, kind));
}

/** The acts of the form. Everything typed is on the disk before any of them goes out. */
export function useFormActs(draft: Draft, focusOpen: (wanted?: readonly string[]) => void): FormActs {
  const texts = useTexts();
  const act = useAct();
  const secretAct = useAct();
  const [notices, setNotices] = useState<readonly Notice[]>([]);
  const [name, setName] = useState<'lookUp' | 'adopt' | 'send' | 'other'>('other');
  const { applicationId } = draft.store.getState().view;

  const accept = (answer: Answer | undefined): answer is Answer => {
    if (answer === undefined) return false;
    queryClient.setQueryData(queries.application.get.queryKey({ input: { applicationId } }), answer.application);
    if (answer.notices.length > 0) {
      setNotices((now) => [...now, ...answer.notices]);
      announce(answer.notices.map((one) => sayCode(texts, one.code, one.params)).join(' '));
    }
    return true;
  };
  const perform = async (what: typeof name, work: (commandId: string) => Promise<Answer>): Promise<boolean> => {
    setName(what);
    if (!(await draft.flush())) return false;
    const answer = await act.run(work);
    if (answer !== undefined) draft.accept(answer.application);
    return accept(answer);
  };
  // Acts that write into the data themselves: what is typed meanwhile waits for them.
  const performEdit = async (what: typeof name, work: (commandId: string) => Promise<Answer>): Promise<boolean> => {
    setName(what);
    if (!(await draft.flush())) return false;
    return accept(await draft.during(() => act.run(work)));
  };
  const viewNow = (): ApplicationView => draft.store.getState().view;
  // Keys come faster than answers: each act begins when the one before it has its answer, so none is judged by a state that is about to change.
  // The same act pressed again meanwhile is one act: a key that repeats must not spend a second attempt.
  const before = useRef<Promise<unknown>>(Promise.resolve());
  const waiting = useRef(new Map<string, Promise<unknown>>());
  const inOrder = <T>(what: string, work: () => Promise<T>): Promise<T> => {
    const same = waiting.current.get(what);
    if (waiting.current.size > 0) announce(texts.t('form.said.earlierRuns'));
    if (same !== undefined) return same as Promise<T>;
    const next = before.current.then(work, work).finally(() => waiting.current.delete(what));
    waiting.current.set(what, next);
    before.current = next;
    return next;
  };

  return {
    failure: act.failure,
    secretFailure: secretAct.failure,
    notices,
    running: act.startedAtMs === null ? null : { name, sinceMs: act.startedAtMs },
    confirmBearer: (isBearer) =>
      inOrder('confirmBearer', async () => {
        setNotices([]);
        if (!(await draft.flush())) return false;
        const attendee = filerOf(draft.store.getState().data);
        return perform('other', (commandId) => desk.application.confirmBearer({ commandId, applicationId, isBearer, attendee }));
      }),
    lookUp: () =>
      inOrder('lookUp', async () => {
        setNotices([]);
        if (!(await draft.flush())) return;
        for (const kind of kindsToLookUp(viewNow())) {
          const wrong = fieldsOfLookUp[kind].filter((field) => draft.store.getState().problems.has(field));
          if (wrong.length > 0) {
            for (const field of wrong) draft.touch(field);
            // Empty SIM fields are not yet a mistake: the person can be looked up before the SIM is on the desk.
            if (kind !== 'sim') focusOpen(wrong);
            continue;
          }
          const isDone = await perform('lookUp', (commandId) => desk.application.lookUp({ commandId, applicationId, kind }));
          if (!isDone || ['REFUSED', 'WITHDRAWN'].includes(viewNow().state)) return;
          const found = isFound(viewNow(), kind);
          announce(texts.t(found ? 'form.said.found' : 'form.said.notFound', { what: texts.t(`form.lookUp.${kind}`) }));
        }
      }),
    adopt: () =>
      inOrder('adopt', async () => {
        for (const kind of lookUpKindsOf(viewNow())) {
          if (!isFound(viewNow(), kind)) continue;
          if (!(await performEdit('adopt', (commandId) => desk.application.adopt({ commandId, applicationId, kind })))) return;
        }
        focusOpen();
      }),
    giveConsent: () => {
      void inOrder('giveConsent', () =>
        performEdit('other', (commandId) => desk.application.giveConsent({ commandId, applicationId, textVersion: consentTextVersion })),
      ).then((isDone) => {
        if (isDone) focusOpen();
      });
    },
    setSecretAnswer: (answer) =>
      inOrder('setSecretAnswer', async () => {
        if (!(await draft.flush())) return false;
        const question = draft.store.getState().data.secretQuestion;
        return accept(
          await draft.during(() =>
            secretAct.run((commandId) => desk.application.setSecretAnswer({ commandId, applicationId, question, answer })),
          ),
        );
      }),
    send: () =>
      inOrder('send', async () => {
        setNotices([]);
        if (!(await draft.flush())) return;
        const { view } = draft.store.getState();
        // The act before it may have ended the case.
        if (!['DRAFT', 'CHECKING'].includes(view.state)) return;
        if (view.problems.length > 0 || view.missingDocuments.length > 0 || !view.hasSecretAnswer || view.card?.hasPhoto === false) {
          draft.showAll();
          focusOpen();
          announce(texts.t('form.said.open', { n: view.problems.length + view.missingDocuments.length }));
          return;
        }
        await perform('send', (commandId) => desk.application.send({ commandId, applicationId }));
      }),
  };
}
