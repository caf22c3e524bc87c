/** The views of the page, in the order of their number keys. */
export const VIEWS = ['agents', 'tasks', 'alerts', 'worktrees', 'review', 'metrics', 'log', 'settings'] as const;
export type View = (typeof VIEWS)[number];

/** What the address says: which view, and which of its things is open. */
export type Route = { readonly view: View; readonly subject: string | null };

const isView = (word: string): word is View => (VIEWS as readonly string[]).includes(word);

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** Reads `#/review/3.1`; whatever is no view is that of the agents. */
export const routeOf = (hash: string): Route => {
  const [view = '', ...rest] = hash.replace(/^#\/?/u, '').split('/');
  const subject = decoded(rest.join('/'));
  return isView(view) ? { view, subject: subject === '' ? null : subject } : { view: 'agents', subject: null };
};

/** The fragment of a view, and of one thing in it. */
export const hashOf = (view: View, subject: string | null = null): string =>
  subject === null ? `#/${view}` : `#/${view}/${encodeURIComponent(subject)}`;

/** The one-time token of `#once=TOKEN`; null where there is none. */
export const onceIn = (hash: string): string | null =>
  /^#once=(?<token>[\w-]+)$/u.exec(hash)?.groups?.['token'] ?? null;
