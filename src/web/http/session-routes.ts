import type { Visitor } from '../access/sessions.ts';
import { API, type Session } from '../wire.ts';
import { json } from './answers.ts';
import { loginSchema, readBody } from './body.ts';
import { type AppParts, askingOf, type Routes } from './parts.ts';
import { type Access, cookieHeader, cookieIn, logIn } from './visitors.ts';

const sessionOf = ({ access, hubs, version }: AppParts, visitor: Visitor): Session => ({
  role: visitor.role,
  actor: access.anybody ? 'web' : `web:${visitor.name}`,
  auth: access.anybody ? 'none' : 'token',
  repositories: [...hubs.values()].map(({ repository: { id, name } }) => ({ id, name })),
  version,
  csrf: visitor.csrf ?? '',
  expires: visitor.until === null ? null : new Date(visitor.until).toISOString(),
});

const secondsLeft = ({ now }: Access, { until }: Visitor): number =>
  until === null ? 0 : Math.max(0, Math.round((until - now()) / 1000));

/** Logging in and out, and who one is. */
export const addSessionRoutes = (app: Routes, parts: AppParts): void => {
  const { access } = parts;
  app.post(`${API}/login`, async (call) => {
    if (access.anybody) return json(sessionOf(parts, access.anybody));
    const { token } = await readBody(call.req.raw, loginSchema);
    const admitted = logIn(access, askingOf(call).from, token);
    const cookie = cookieHeader(access, admitted.secret, secondsLeft(access, admitted));
    return json(sessionOf(parts, admitted), 200, { 'set-cookie': cookie });
  });
  app.get(`${API}/session`, (call) => {
    const word = cookieIn(askingOf(call), access.cookie);
    const renewed = access.anybody || word === undefined ? undefined : access.sessions.renew(word);
    if (!renewed) return json(sessionOf(parts, call.var.visitor));
    const cookie = cookieHeader(access, renewed.secret, secondsLeft(access, renewed));
    return json(sessionOf(parts, renewed), 200, { 'set-cookie': cookie });
  });
  app.post(`${API}/logout`, (call) => {
    const word = cookieIn(askingOf(call), access.cookie);
    if (word !== undefined) access.sessions.end(word);
    return json({}, 200, { 'set-cookie': cookieHeader(access, '', 0) });
  });
};
