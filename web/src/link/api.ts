import type { Reply } from '../../../src/ports/swarm.ts';
import {
  API,
  CSRF_HEADER,
  type CommandRequest,
  type CompleteAnswer,
  type HistoryAnswer,
  type LanguageAnswer,
  type Refusal,
  type Session,
  type Snapshot,
} from '../../../src/web/wire.ts';

/** An answer that is none: nobody is logged in, the role does not allow it, or the server is not there. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** The status of HTTP; 0 where nobody answered. */
  readonly status: number;
  readonly hint: string;
  readonly code: string;

  constructor(status: number, message: string, hint: string, code = '') {
    super(message);
    this.status = status;
    this.hint = hint;
    this.code = code;
  }
}

const GONE = 'The page cannot reach its server.';
const GONE_HINT = 'It shows what was known last. Is "drover web" still running?';

const isRefusal = (body: unknown): body is Refusal =>
  typeof body === 'object' && body !== null && typeof (body as Refusal).error?.message === 'string';

const isReply = (body: unknown): body is Reply =>
  typeof body === 'object' && body !== null && typeof (body as Reply).exit === 'number';

const listeners = new Set<() => void>();

/** As whom the server knows this page, once somebody is logged in. */
let session: Session | null = null;

const ask = async (method: 'GET' | 'POST', path: string, body?: object): Promise<{ ok: boolean; json: unknown }> => {
  const headers = { accept: 'application/json', ...(body ? { 'content-type': 'application/json' } : {}) };
  let response: Response;
  try {
    response = await fetch(`${API}${path}`, {
      method,
      credentials: 'same-origin',
      headers: method === 'POST' ? { ...headers, [CSRF_HEADER]: session?.csrf ?? '' } : headers,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  } catch {
    throw new ApiError(0, GONE, GONE_HINT);
  }
  const json: unknown = await response.json().catch(() => null);
  if (response.ok || (response.status === 403 && isReply(json))) return { ok: response.ok, json };
  const { message, hint, code } = isRefusal(json)
    ? json.error
    : { message: `The server answered with ${response.status}.`, hint: '', code: '' };
  throw new ApiError(response.status, message, hint, code);
};

const query = (values: Readonly<Record<string, string>>): string => `?${new URLSearchParams(values)}`;

const keepSession = (next: Session): Session => {
  session = next;
  for (const listener of listeners) listener();
  return next;
};

const askSession = async (): Promise<Session> => keepSession((await ask('GET', '/session')).json as Session);

/** Says something by the word of the session; where another tab has got a new one meanwhile, once more by that. */
const post = async (path: string, body: object): ReturnType<typeof ask> => {
  try {
    return await ask('POST', path, body);
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'web/wrong-csrf') throw error;
    await askSession();
    return ask('POST', path, body);
  }
};

/** The interface of the server, as the page uses it. Each call rejects with an `ApiError`. */
export const api = {
  session: askSession,
  /** The role of whoever is logged in: another tab of the browser may have let in somebody else meanwhile. */
  get role() {
    return session?.role;
  },
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
  login: async (token: string): Promise<Session> =>
    keepSession((await ask('POST', '/login', { token })).json as Session),
  logout: async (): Promise<void> => void (await post('/logout', {})),
  state: async (repo: string): Promise<Snapshot> => (await ask('GET', `/state${query({ repo })}`)).json as Snapshot,
  language: async (repo: string): Promise<LanguageAnswer> =>
    (await ask('GET', `/language${query({ repo })}`)).json as LanguageAnswer,
  complete: async (repo: string, line: string): Promise<CompleteAnswer> =>
    (await ask('GET', `/complete${query({ repo, line })}`)).json as CompleteAnswer,
  history: async (repo: string): Promise<HistoryAnswer> =>
    (await ask('GET', `/history${query({ repo })}`)).json as HistoryAnswer,
  command: async (request: CommandRequest): Promise<Reply> => (await post('/command', request)).json as Reply,
};
