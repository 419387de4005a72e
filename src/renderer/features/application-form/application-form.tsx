import { useCallback, useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { ApplicationView } from '../../../shared/contract/application.ts';
import { announce } from '../../app/announce.ts';
import { useCommand } from '../../app/commands.ts';
import { sayCode } from '../../app/say.ts';
import { useStatus } from '../../app/session.ts';
import { useTexts } from '../../app/text.ts';
import { desk, queries, queryClient, useAct } from '../../desk-client/index.ts';
import { Busy } from '../../ui/busy.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { ActionButton } from '../../ui/main-button.tsx';
import { Note, Signal } from '../../ui/signal.tsx';
import { ClosingGroup } from './closing-group.tsx';
import { DocumentsGroup } from './documents-group.tsx';
import { Draft } from './draft.ts';
import { focusNextOpen } from './focus-order.ts';
import { DraftContext, useDraftState } from './form-context.ts';
import { CarrierGroup, ContactGroup, IdentityGroup, OrganisationGroup, PowerGroups, RepresentativeGroup, UseGroup } from './groups.tsx';
import { IdentityRow } from './identity-row.tsx';
import { LookUpPanel } from './look-up-panel.tsx';
import { useFormActs, type FormActs } from './use-form-acts.ts';

/** The application as on the paper, saved as it is typed. Source: SIM-06, SIM-07, Əlavə 1 */
export function ApplicationForm({ view, photo }: { readonly view: ApplicationView; readonly photo: ReactNode }) {
  const [draft] = useState(
    () => new Draft(view, (version, data) => desk.application.saveDraft({ applicationId: view.applicationId, version, data })),
  );
  useEffect(() => {
    draft.accept(view);
  }, [draft, view]);
  useEffect(() => {
    const onHide = (): void => {
      draft.close();
    };
    window.addEventListener('pagehide', onHide);
    return () => {
      window.removeEventListener('pagehide', onHide);
      draft.close();
    };
  }, [draft]);
  return (
    <DraftContext value={draft}>
      <FormBody draft={draft} photo={photo} />
    </DraftContext>
  );
}

function FormBody({ draft, photo }: { readonly draft: Draft; readonly photo: ReactNode }) {
  const { t } = useTexts();
  const body = useRef<HTMLDivElement>(null);
  const bar = useRef<HTMLDivElement>(null);
  const focusOpen = useCallback(
    (wanted?: readonly string[]) => {
      if (body.current === null) return;
      const isFocused = focusNextOpen(body.current, draft.store.getState().problems, wanted);
      if (!isFocused && wanted === undefined) bar.current?.querySelector<HTMLElement>('button')?.focus();
    },
    [draft],
  );
  const acts = useFormActs(draft, focusOpen);
  useCommand(
    'save',
    () => {
      void draft.flush().then((isSaved) => {
        announce(t(isSaved ? 'form.said.saved' : 'form.said.notSaved'));
      });
    },
    { label: t('keys.save') },
  );
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.ctrlKey || event.altKey || event.defaultPrevented) return;
    const { target } = event;
    // On a button Enter presses it; in a field it goes on.
    if (!(target instanceof HTMLElement) || target.tagName === 'BUTTON') return;
    event.preventDefault();
    // A value is judged when it is left; what it says must be known before the next stop is chosen.
    const field = target.dataset['field'];
    if (field !== undefined) draft.touch(field);
    void draft.flush().then(() => {
      focusOpen();
    });
  };
  return (
    <div className="col" ref={body} onKeyDown={onKeyDown} style={{ flex: 1 }}>
      <IdentityRow acts={acts} focusOpen={focusOpen} />
      <div className="form">
        <div className="form-column">
          <CarrierGroup />
          <UseGroup />
          <IdentityGroup prefix="" title="form.group.person" />
          <OrganisationGroup />
          <RepresentativeGroup />
        </div>
        <div className="form-column">
          <ContactGroup />
          <ClosingGroup acts={acts} />
          <DocumentsGroup
            focusOpen={() => {
              focusOpen();
            }}
          />
          {photo}
          <PowerGroups />
          <LookUpPanel acts={acts} />
        </div>
      </div>
      <div ref={bar} style={{ marginTop: 'auto', position: 'sticky', bottom: 0, zIndex: 2 }}>
        <FormBar acts={acts} draft={draft} />
      </div>
    </div>
  );
}

/** What is still open, whether everything typed is on the disk, and the main action. */
function FormBar({ acts, draft }: { readonly acts: FormActs; readonly draft: Draft }) {
  const texts = useTexts();
  const { t } = texts;
  const view = useDraftState((state) => state.view);
  const save = useDraftState((state) => state.save);
  const failure = useDraftState((state) => state.failure);
  const isOffline = useStatus()?.link.state === 'offline';
  const send = view.steps.find((step) => step.code === 'send');
  const openCount =
    view.problems.length + view.missingDocuments.length + (view.hasSecretAnswer ? 0 : 1) + (view.card?.hasPhoto === false ? 1 : 0);
  const stop = send?.status === 'unavailable' && send.reason !== null ? sayCode(texts, send.reason.code, send.reason.params) : '';
  const expired = view.problems.find((problem) => problem.code === 'M-02');
  // Each thing is said once: the expired document has a line of its own, and two registers may answer with the same notice.
  const said = new Map(acts.notices.map((one) => [`${one.code} ${JSON.stringify(one.params)}`, one]));
  const notices = [...said.values()].filter((one) => expired === undefined || one.code !== expired.code);
  const reading = useAct();
  const reload = (): void => {
    void reading
      .run(() => desk.application.get({ applicationId: view.applicationId }))
      .then((fresh) => {
        if (fresh === undefined) return;
        queryClient.setQueryData(queries.application.get.queryKey({ input: { applicationId: view.applicationId } }), fresh);
        draft.reload(fresh);
      });
  };
  return (
    <div className="col" style={{ gap: 4 }}>
      {failure !== null && (
        <FailureNote
          failure={failure.code === 'DRAFT_STALE' ? { ...failure, kind: 'environment' } : failure}
          onRetry={failure.code === 'DRAFT_STALE' ? reload : () => void draft.flush()}
        />
      )}
      <FailureNote failure={acts.failure} />
      {notices.map((one) => (
        <Note key={`${one.code} ${JSON.stringify(one.params)}`} tone={one.code === 'M-30' ? 'good' : 'attention'} role="status">
          {sayCode(texts, one.code, one.params)}
        </Note>
      ))}
      {expired !== undefined && expired.code !== acts.failure?.code && (
        <Note tone="stop">{sayCode(texts, expired.code, expired.params)}</Note>
      )}
      <div className="form-bar">
        <ActionButton
          label={t('form.send')}
          onRun={() => void acts.send()}
          isBusy={acts.running !== null}
          takesKeyWhileBusy
          isDisabled={isOffline || !['DRAFT', 'CHECKING'].includes(view.state)}
          reason={isOffline ? t('reasons.NEEDS_REGISTRY') : undefined}
        />
        {acts.running !== null && acts.running.name !== 'lookUp' && (
          <Busy text={t(acts.running.name === 'send' ? 'form.sending' : 'form.working')} sinceMs={acts.running.sinceMs} />
        )}
        <span className="quiet">{openCount > 0 ? t('form.open', { n: openCount }) : stop}</span>
        <span className="push">
          <Signal tone={save === 'failed' ? 'stop' : save === 'saved' ? 'neutral' : 'wait'}>{t(`form.save.${save}`)}</Signal>
        </span>
      </div>
    </div>
  );
}
