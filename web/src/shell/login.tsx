import { type FormEvent, useState } from 'react';
import type { Session } from '../../../src/web/wire.ts';
import { ApiError, api } from '../link/api.ts';

type Props = { readonly onSession: (session: Session) => void; readonly why: string | null };

/** Asks for a token. It is never part of an address that a server sees. */
export const Login = ({ onSession, why }: Props) => {
  const [token, setToken] = useState('');
  const [trouble, setTrouble] = useState(why);
  const [isBusy, setBusy] = useState(false);
  const login = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      onSession(await api.login(token.trim()));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setTrouble([error.message, error.hint].filter(Boolean).join(' '));
    } finally {
      setBusy(false);
    }
  };
  return (
    <main className="login">
      <form onSubmit={(event) => void login(event)}>
        <h1>
          <span aria-hidden="true">◆</span> drover
        </h1>
        <p className="dim">
          This page belongs to somebody’s swarm. <code>drover web</code> prints a token in its terminal.
        </p>
        <label>
          Token
          <input
            type="password"
            name="token"
            autoComplete="current-password"
            value={token}
            onChange={({ target }) => setToken(target.value)}
          />
        </label>
        {trouble !== null && (
          <p className="red" role="alert">
            {trouble}
          </p>
        )}
        <button type="submit" className="button main" disabled={isBusy || token.trim() === ''}>
          Open
        </button>
      </form>
    </main>
  );
};
