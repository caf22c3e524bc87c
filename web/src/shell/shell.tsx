import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { waitingAgents } from '../../../src/attention/attention.ts';
import type { WebRepository } from '../../../src/web/wire.ts';
import { useAttention, useSwarm } from '../link/use-swarm.ts';
import { hashOf, type Route, routeOf, type View } from '../model/route.ts';
import { AgentsView } from '../views/agents/agents-view.tsx';
import { AlertsView } from '../views/alerts/alerts-view.tsx';
import { ActionsProvider } from './actions-provider.tsx';
import { Banner } from './banner.tsx';
import { CommandBar } from './command-bar.tsx';
import { Header } from './header.tsx';
import { HelpDialog } from './help-dialog.tsx';
import { Nav, VIEW_TITLES } from './nav.tsx';
import { useKeys } from './use-keys.ts';
import { useNews } from './use-news.ts';

const LATER = {
  tasks: () => import('../views/tasks/tasks-view.tsx'),
  worktrees: () => import('../views/worktrees/worktrees-view.tsx'),
  review: () => import('../views/review/review-view.tsx'),
  metrics: () => import('../views/metrics/metrics-view.tsx'),
  log: () => import('../views/log/log-view.tsx'),
  settings: () => import('../views/settings/settings-view.tsx'),
};
const TasksView = lazy(LATER.tasks);
const WorktreesView = lazy(LATER.worktrees);
const ReviewView = lazy(LATER.review);
const MetricsView = lazy(LATER.metrics);
const LogView = lazy(LATER.log);
const SettingsView = lazy(LATER.settings);

/** The other views come when the first one is there: they open at once then, and without a connection too. */
const useAllViews = (): void => {
  useEffect(() => {
    const timer = setTimeout(() => {
      // A view that does not come now is asked for when it is opened.
      for (const load of Object.values(LATER)) void load().catch(() => undefined);
    }, LATER_MS);
    return () => clearTimeout(timer);
  }, []);
};

const LATER_MS = 1500;

const OPEN: Readonly<Record<View, (subject: string | null) => React.ReactNode>> = {
  agents: (subject) => <AgentsView open={subject} />,
  tasks: (subject) => <TasksView open={subject} />,
  alerts: (subject) => <AlertsView open={subject} />,
  worktrees: (subject) => <WorktreesView open={subject} />,
  review: (subject) => <ReviewView open={subject} />,
  metrics: () => <MetricsView />,
  log: (subject) => <LogView open={subject} />,
  settings: () => <SettingsView />,
};

const subscribeHash = (listener: () => void): (() => void) => {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
};

const useRoute = (): Route => {
  const hash = useSyncExternalStore(subscribeHash, () => window.location.hash);
  return useMemo(() => routeOf(hash), [hash]);
};

type Props = {
  readonly repositories: readonly WebRepository[];
  readonly repo: string;
  readonly onRepo: (id: string) => void;
};

/** The page around its views. */
export const Shell = ({ repositories, repo, onRepo }: Props) => {
  const { view, subject } = useRoute();
  const { link, state } = useSwarm();
  const attention = useAttention();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [isHelp, setHelp] = useState(false);
  const nextOne = useRef(0);
  const fill = useCallback((line: string) => {
    const at = line.indexOf('…');
    setText(line.replace('…', ''));
    requestAnimationFrame(() => {
      input.current?.focus();
      if (at >= 0) input.current?.setSelectionRange(at, at);
    });
  }, []);
  useNews();
  useAllViews();
  useKeys({
    onCommand: () => input.current?.focus(),
    onHelp: () => setHelp(true),
    onNext: () => {
      const queue = waitingAgents(attention, Object.keys(state.instances));
      if (queue.length === 0) return;
      window.location.hash = hashOf('agents', queue[nextOne.current % queue.length]!);
      nextOne.current += 1;
    },
  });
  return (
    <ActionsProvider fill={fill}>
      <button type="button" className="skip" onClick={() => document.getElementById('main')?.focus()}>
        Go to the view
      </button>
      <div className={`shell ${link === 'live' ? '' : 'stale'}`}>
        <Header repositories={repositories} repo={repo} onRepo={onRepo} />
        <Nav open={view} />
        <main className="main" id="main" tabIndex={-1} aria-label={VIEW_TITLES[view]}>
          <Banner isQuestionShown={view === 'agents' || view === 'alerts'} />
          <Suspense fallback={<p className="empty">…</p>}>{OPEN[view](subject)}</Suspense>
        </main>
        <CommandBar text={text} onText={setText} input={input} />
      </div>
      {isHelp && <HelpDialog onClose={() => setHelp(false)} />}
    </ActionsProvider>
  );
};
