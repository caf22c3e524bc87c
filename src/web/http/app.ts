import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { AppError, traceOf } from '../../lib/errors.ts';
import { notServed, notUnderstood, serverFailed } from '../errors.ts';
import { API } from '../wire.ts';
import { json, refuse, statusOf } from './answers.ts';
import { LONGEST_BODY } from './body.ts';
import { judgeProvenance } from './guard.ts';
import { openApiDocument } from './openapi.ts';
import { type AppParts, askingOf, type Routes } from './parts.ts';
import { SECURITY_HEADERS } from './security-headers.ts';
import { addSessionRoutes } from './session-routes.ts';
import { addSwarmRoutes } from './swarm-routes.ts';
import { checkCsrf, visitorOf } from './visitors.ts';

/** What a failure is in the answer; one that is a bug is a sentence as well. */
const failureOf = (error: unknown): AppError => (error instanceof AppError ? error : serverFailed());

/** Before anything is looked at: where a request comes from, and how long it is. */
const guard = (app: Routes, { place, refusals, complain }: AppParts): void => {
  app.use(async (call, next) => {
    await next();
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) call.res.headers.set(name, value);
  });
  app.onError((thrown, call) => {
    const error = failureOf(thrown);
    if (error !== thrown) complain(traceOf(thrown));
    if (error.exit === 4) {
      const who = call.var.visitor?.name;
      const { path, method } = call.req;
      refusals.add({ who, what: `${method} ${path}`, from: askingOf(call).from, why: error });
    }
    const wait = /\d+/u.exec(error.hint)?.[0];
    return refuse(error, statusOf(error) === 429 && wait !== undefined ? { 'retry-after': wait } : {});
  });
  app.use(async (call, next) => {
    const { headers } = call.req.raw;
    const openness = call.req.path.startsWith(`${API}/`) ? 'interface' : 'page';
    const from = {
      host: headers.get('host') ?? undefined,
      origin: headers.get('origin') ?? undefined,
      site: headers.get('sec-fetch-site') ?? undefined,
    };
    const wrong = judgeProvenance(from, place, openness);
    if (wrong) throw wrong;
    await next();
  });
  app.use(
    bodyLimit({
      maxSize: LONGEST_BODY,
      onError: () => {
        throw notUnderstood({ why: `its body is longer than ${LONGEST_BODY} bytes` });
      },
    }),
  );
};

/** Who asks, for all that only somebody may ask. */
const letIn = (app: Routes, { access }: AppParts): void => {
  app.use(`${API}/*`, async (call, next) => {
    if (call.req.path === `${API}/login`) return next();
    const asking = askingOf(call);
    const visitor = visitorOf(access, asking);
    call.set('visitor', visitor);
    if (call.req.method !== 'GET' && call.req.method !== 'HEAD') checkCsrf(visitor, asking);
    return next();
  });
};

/** The interface over HTTP, and the files of the page. */
export const makeApp = (parts: AppParts): Routes => {
  const app: Routes = new Hono();
  guard(app, parts);
  letIn(app, parts);
  addSessionRoutes(app, parts);
  addSwarmRoutes(app, parts);
  let document: ReturnType<typeof openApiDocument> | undefined;
  app.get('/openapi.json', () => {
    document ??= openApiDocument(parts.version);
    return json(document);
  });
  app.all(`${API}/*`, () => {
    throw notServed({ what: 'such interface' });
  });
  app.get('/*', (call) => {
    const { headers } = call.req.raw;
    return parts.pageFiles({
      path: new URL(call.req.url).pathname,
      acceptEncoding: headers.get('accept-encoding') ?? '',
      ifNoneMatch: headers.get('if-none-match') ?? '',
    });
  });
  app.all('*', () => {
    throw notServed({ what: 'such address' });
  });
  return app;
};
