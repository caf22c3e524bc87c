import type { Reply } from '../../ports/swarm.ts';
import { denied } from '../../protocol/errors.ts';
import { STATE_FORMAT } from '../../state/index.ts';
import { notUnderstood } from '../errors.ts';
import { identityOf, sayLine } from '../swarm/say-line.ts';
import { openHistory } from '../swarm/history.ts';
import { searchLogs } from '../swarm/search-logs.ts';
import { API, type CommandRequest, type CompleteAnswer, type Snapshot } from '../wire.ts';
import { json } from './answers.ts';
import { commandSchema, namedCommandSchema, readBody } from './body.ts';
import { languageAnswer } from './language.ts';
import { lineOf } from './named-command.ts';
import { type AppParts, type Call, hubFor, type Routes } from './parts.ts';

/** So long is a line that is completed at most, in characters. */
const LONGEST_TYPED = 4000;

/** The daemon's answer as it is; where the role does not allow it, as a refusal of the interface as well. */
const answerOf = (reply: Reply): Response => {
  const code = (reply.data as { code?: unknown } | null)?.code;
  if (reply.exit !== 4 || code !== denied.code) return json(reply);
  const { message, hint } = reply;
  return json({ ...reply, error: { code, message, hint: hint ?? '' } }, 403);
};

const typedIn = (call: Call): string => {
  const line = call.req.query('line') ?? '';
  if (line.length > LONGEST_TYPED) throw notUnderstood({ why: `line is longer than ${LONGEST_TYPED} characters` });
  return line;
};

const addReading = (app: Routes, { hubs }: AppParts): void => {
  app.get(`${API}/state`, async (call) => {
    const hub = hubFor(hubs, call.req.query('repo'));
    const state = await hub.state();
    const { name, surroundings } = hub.repository;
    const snapshot: Snapshot = {
      ...{ seq: state.seq, state, format: STATE_FORMAT, repository: name, now: new Date().toISOString() },
      ...{ surroundings: surroundings(), ...hub.presence },
    };
    return json(snapshot);
  });
  app.get(`${API}/language`, (call) =>
    json(languageAnswer(hubFor(hubs, call.req.query('repo')).repository.language())),
  );
  app.get(`${API}/complete`, async (call) => {
    const hub = hubFor(hubs, call.req.query('repo'));
    const line = typedIn(call);
    const state = await hub.state();
    const { complete, hint } = hub.repository;
    const reader = identityOf(hub, call.var.visitor);
    const answer: CompleteAnswer = { candidates: complete(line, state), hint: hint(line, state, reader) };
    return json(answer);
  });
  const histories = new Map([...hubs.values()].map((hub) => [hub, openHistory(hub)]));
  app.get(`${API}/history`, async (call) => json(await histories.get(hubFor(hubs, call.req.query('repo')))!()));
  app.get(`${API}/logs`, async (call) => {
    const { repo, text = '', instance, task, limit } = call.req.query();
    const hub = hubFor(hubs, repo);
    return json(await searchLogs(hub, { text, instance, task, limit: Number(limit ?? 200) }));
  });
};

/** Lines by which the swarm is commanded and looked at, and all that answers for a repository. */
export const addSwarmRoutes = (app: Routes, parts: AppParts): void => {
  const { hubs } = parts;
  addReading(app, parts);
  app.post(`${API}/command`, async (call) => {
    const request = await readBody(call.req.raw, commandSchema);
    return answerOf(await sayLine(hubFor(hubs, request.repo), call.var.visitor, request as CommandRequest));
  });
  app.post(`${API}/commands/:noun/:verb`, async (call) => {
    const { parameters = {}, modifiers = [], ...rest } = await readBody(call.req.raw, namedCommandSchema);
    const hub = hubFor(hubs, rest.repo);
    const { noun, verb } = call.req.param();
    const line = lineOf(hub.repository.language(), { verb, noun, parameters, modifiers });
    return answerOf(await sayLine(hub, call.var.visitor, { ...rest, line } as CommandRequest));
  });
};
