import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import type { LanguageAnswer, Session } from '../../src/web/wire.ts';
import { ApiError, api } from './link/api.ts';
import { openSwarmStore, type SwarmStore } from './link/swarm-store.ts';
import { LanguageContext } from './link/use-language.ts';
import { ReaderContext, useReading } from './link/use-reader.ts';
import { SwarmContext } from './link/use-swarm.ts';
import { hashOf, onceIn } from './model/route.ts';
import { Login } from './shell/login.tsx';
import { Shell } from './shell/shell.tsx';

const KEPT_SESSION = 'drover-session';
const KEPT_REPO = 'drover-repo';

/** What is kept of a session for a page that is opened while nobody answers: what it may show, and no secret. */
const keepSession = ({ repositories, role, version, actor }: Session): void =>
  localStorage.setItem(KEPT_SESSION, JSON.stringify({ repositories, role, version, actor, csrf: '', auth: 'token' }));

const keptSession = (): Session | null => {
  try {
    return JSON.parse(localStorage.getItem(KEPT_SESSION) ?? 'null') as Session | null;
  } catch {
    return null;
  }
};

/** Logs in by the one-time token of the address, which is taken out of it at once, else by the session there is. */
const findSession = async (): Promise<Session> => {
  const once = onceIn(window.location.hash);
  if (once === null) return api.session();
  window.history.replaceState(null, '', hashOf('agents'));
  return api.login(once);
};

type Who = { readonly session: Session | null; readonly why: string | null };

const useWho = () => {
  const [who, setWho] = useState<Who | null>(null);
  useEffect(() => {
    findSession()
      .then((session) => {
        keepSession(session);
        setWho({ session, why: null });
      })
      .catch((error: unknown) => {
        if (!(error instanceof ApiError)) throw error;
        const session = error.status === 0 ? keptSession() : null;
        // That nobody is logged in yet is no news.
        setWho({ session, why: error.status === 401 ? null : error.message });
      });
  }, []);
  return [who, setWho] as const;
};

type SwarmProps = { readonly session: Session; readonly onEnded: () => void };

const useStoreOf = (repo: string, onEnded: () => void): SwarmStore | null => {
  const [store, setStore] = useState<SwarmStore | null>(null);
  useEffect(() => {
    const opened = openSwarmStore({ repo, onEnded });
    setStore(opened);
    return () => opened.close();
  }, [repo, onEnded]);
  return store;
};

const noChanges = (): (() => void) => () => undefined;

const useLanguageOf = (repo: string, isKnown: boolean): LanguageAnswer | null => {
  const [language, setLanguage] = useState<LanguageAnswer | null>(null);
  useEffect(() => {
    if (!isKnown) return;
    // Without it lines are said as well, only nothing is known of them before.
    api.language(repo).then(setLanguage, () => undefined);
  }, [repo, isKnown]);
  return language;
};

const SwarmPage = ({ session, onEnded }: SwarmProps) => {
  const { repositories } = session;
  const role = useSyncExternalStore(api.subscribe, () => api.role ?? session.role);
  const [chosen, setChosen] = useState(() => localStorage.getItem(KEPT_REPO));
  const repo = repositories.find(({ id }) => id === chosen)?.id ?? repositories[0]?.id ?? '';
  const store = useStoreOf(repo, onEnded);
  const view = useSyncExternalStore(store?.subscribe ?? noChanges, () => store?.view ?? null);
  const trouble = useSyncExternalStore(store?.subscribe ?? noChanges, () => store?.trouble ?? null);
  const language = useLanguageOf(repo, view !== null);
  const reading = useReading(view?.link === 'old' ? 'viewer' : role, view?.daemon.identity ?? null, language);
  if (!store || !view)
    return (
      <main className="login">
        <p className="dim" role={trouble ? 'alert' : 'status'}>
          {trouble ? `${trouble.message} ${trouble.hint}` : 'Reading the state of the swarm …'}
        </p>
      </main>
    );
  return (
    <SwarmContext value={store}>
      <LanguageContext value={language}>
        <ReaderContext value={reading}>
          <Shell
            key={repo}
            repositories={repositories}
            repo={repo}
            onRepo={(id) => {
              localStorage.setItem(KEPT_REPO, id);
              setChosen(id);
            }}
          />
        </ReaderContext>
      </LanguageContext>
    </SwarmContext>
  );
};

/** The whole page: a token first, then the swarm. */
export const App = () => {
  const [who, setWho] = useWho();
  const onEnded = useCallback(() => {
    // Another tab may have got a new word for it: then the browser knows that one already.
    api.session().then(
      (session) => setWho({ session, why: null }),
      () => setWho({ session: null, why: 'The session has ended.' }),
    );
  }, [setWho]);
  if (!who) return null;
  if (!who.session)
    return (
      <Login
        why={who.why}
        onSession={(session) => {
          keepSession(session);
          setWho({ session, why: null });
        }}
      />
    );
  return <SwarmPage key={who.session.csrf} session={who.session} onEnded={onEnded} />;
};
