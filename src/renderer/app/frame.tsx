import { Button } from '@mantine/core';
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { desk, queries, queryClient, useAct } from '../desk-client/index.ts';
import { Icon } from '../ui/icon.tsx';
import { KeyHint, shortcutOf } from '../ui/key-hint.tsx';
import { FailureNote } from '../ui/failure-note.tsx';
import { TrainingMenu } from '../features/training/index.ts';
import { useAnnouncement } from './announce.ts';
import { areas } from './areas.ts';
import { useCommand } from './commands.ts';
import { ConnectionBanner } from './connection-banner.tsx';
import { KeysHelp } from './keys-help.tsx';
import { LanguageChoice } from './language-choice.tsx';
import { Palette } from './palette.tsx';
import { RoleSwitch } from './role-switch.tsx';
import { useMay, useSession, useStatus } from './session.ts';
import { StatusStrip } from './status-strip.tsx';
import { useTexts } from './text.ts';
import { lockNow } from './use-idle-lock.ts';

/** Everything around the page: who and where, the areas of the role, the state of the desk. */
export function Frame() {
  const { t } = useTexts();
  const status = useStatus();
  const newApplication = useNewApplication();
  useRegions();
  useCommand('lock', () => void lockNow(), { label: t('frame.lock') });

  return (
    <div className="frame">
      <header className="frame-head">
        <TopStrip />
        {status?.mode === 'training' && <div className="training-strip">{t('frame.training')}</div>}
        <ConnectionBanner />
        {(status?.languageProblems.length ?? 0) > 0 && (
          <div className="banner" role="alert">
            {t('frame.languageProblem')}
          </div>
        )}
      </header>
      <div className="frame-body">
        <Rail onNew={newApplication.start} />
        <main className="frame-main" id="main" tabIndex={-1} data-region>
          {newApplication.failure !== null && <FailureNote failure={newApplication.failure} onRetry={newApplication.start} />}
          <Outlet />
        </main>
      </div>
      <StatusStrip />
      <Palette />
      <KeysHelp />
      {status?.mode === 'training' && <TrainingMenu />}
      <PoliteVoice />
    </div>
  );
}

/** F2 from anywhere: the draft exists before the first key is typed in it. */
function useNewApplication() {
  const navigate = useNavigate();
  const may = useMay();
  const { t } = useTexts();
  const act = useAct();
  const start = (): void => {
    void act
      .run((commandId) => desk.application.create({ commandId, category: 'K1' }))
      .then((view) => {
        if (view === undefined) return;
        queryClient.setQueryData(queries.application.get.queryKey({ input: { applicationId: view.applicationId } }), view);
        void navigate({ to: '/applications/$applicationId', params: { applicationId: view.applicationId } });
      });
  };
  useCommand('newApplication', start, { isEnabled: may('application.edit'), label: t('frame.newApplication') });
  return { start, failure: act.failure };
}

function TopStrip() {
  const { t } = useTexts();
  const status = useStatus();
  const session = useSession();
  return (
    <div className="frame-top" data-region tabIndex={-1}>
      <strong>{t('frame.program')}</strong>
      {status !== undefined && (
        <>
          <span className="quiet frame-office" title={status.officeName}>
            {status.officeName}
          </span>
          <span className="quiet">{status.deskId}</span>
        </>
      )}
      <Button
        className="frame-search"
        variant="default"
        justify="flex-start"
        leftSection={<Icon name="search" />}
        rightSection={<KeyHint id="palette" />}
        aria-keyshortcuts={shortcutOf('palette')}
        styles={{ label: { flex: 1, textAlign: 'left', color: 'var(--q-quiet)', fontWeight: 400 } }}
        onClick={() => {
          window.dispatchEvent(new CustomEvent('qeyd-palette'));
        }}
      >
        {t('frame.search')}
      </Button>
      <span className="push" />
      <LanguageChoice />
      {session !== undefined && session !== null && <RoleSwitch session={session} />}
      <Button variant="default" leftSection={<Icon name="lock" />} onClick={() => void lockNow()} aria-keyshortcuts={shortcutOf('lock')}>
        {t('frame.lock')}
        <KeyHint id="lock" />
      </Button>
    </div>
  );
}

function Rail({ onNew }: { readonly onNew: () => void }) {
  const { t } = useTexts();
  const may = useMay();
  const session = useSession();
  const [isCollapsed, setCollapsed] = useState(() => localStorage.getItem('qeyd.rail') === 'collapsed');
  const shown = areas.filter(
    (area) => may(area.permission) && !(session !== null && session !== undefined && area.notFor?.includes(session.role)),
  );
  return (
    <nav className="rail" aria-label={t('frame.areas')} data-region tabIndex={-1} data-collapsed={isCollapsed || undefined}>
      {shown.map((area) => (
        <AreaEntry key={area.id} area={area} isCollapsed={isCollapsed} onNew={onNew} />
      ))}
      <button
        type="button"
        style={{ marginTop: 'auto' }}
        aria-expanded={!isCollapsed}
        onClick={() => {
          localStorage.setItem('qeyd.rail', isCollapsed ? 'open' : 'collapsed');
          setCollapsed(!isCollapsed);
        }}
      >
        <Icon name="menu" />
        <span className={isCollapsed ? 'visually-hidden' : ''}>{t('frame.collapse')}</span>
      </button>
    </nav>
  );
}

function AreaEntry({
  area,
  isCollapsed,
  onNew,
}: {
  readonly area: (typeof areas)[number];
  readonly isCollapsed: boolean;
  readonly onNew: () => void;
}) {
  const { t } = useTexts();
  const navigate = useNavigate();
  const { path } = area;
  const here = useRouterState({ select: (state) => state.location.pathname });
  useCommand(area.command, () => path !== undefined && void navigate({ to: path }), {
    isEnabled: path !== undefined,
    label: t(area.title),
  });
  const content = (
    <>
      <Icon name={area.icon} />
      <span className={isCollapsed ? 'visually-hidden' : ''}>{t(area.title)}</span>
    </>
  );
  if (path === undefined) {
    return (
      <button type="button" onClick={onNew} aria-keyshortcuts={shortcutOf(area.command)} title={t(area.title)}>
        {content}
      </button>
    );
  }
  return (
    <Link to={path} aria-current={here === path ? 'page' : undefined} aria-keyshortcuts={shortcutOf(area.command)} title={t(area.title)}>
      {content}
    </Link>
  );
}

/** F6 goes round the regions: top strip, areas, page, status. */
function useRegions(): void {
  const { t } = useTexts();
  const go = (step: number): void => {
    const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')];
    const at = regions.findIndex((region) => region.contains(document.activeElement));
    regions[(at + step + regions.length) % regions.length]?.focus();
  };
  useCommand(
    'nextRegion',
    () => {
      go(1);
    },
    { label: t('keys.nextRegion') },
  );
  useCommand(
    'previousRegion',
    () => {
      go(-1);
    },
    { label: t('keys.previousRegion') },
  );
}

function PoliteVoice() {
  const { text, turn } = useAnnouncement();
  const region = useRef<HTMLDivElement>(null);
  // The same sentence twice is said twice: the text is set anew.
  useEffect(() => {
    if (region.current !== null) region.current.textContent = text;
  }, [text, turn]);
  return <div ref={region} className="visually-hidden" aria-live="polite" role="status" />;
}
