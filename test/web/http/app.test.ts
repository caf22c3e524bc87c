import { rmSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { registry } from '../../../src/commands/index.ts';
import { denied } from '../../../src/protocol/errors.ts';
import { parse } from '../../../src/protocol/parse.ts';
import { ROLES } from '../../../src/protocol/signature.ts';
import { openSessions } from '../../../src/web/access/sessions.ts';
import { lineOf } from '../../../src/web/http/named-command.ts';
import type { Snapshot } from '../../../src/web/wire.ts';
import { language } from '../../fixtures/signatures.ts';
import { openDesk } from '../../helpers/desk.ts';
import { appStage, HOST, ORIGIN, replyWith, swarmStage } from '../stage.ts';

const codeOf = async (answer: Response): Promise<unknown> =>
  ((await answer.json()) as { error?: { code: string } }).error?.code;

describe('who may ask', () => {
  test('[WEB-6] without a token nothing but the page, the document and the login answers', async () => {
    const { call, post, refused } = appStage();
    for (const path of ['session', 'state', 'language', 'complete?line=x', 'logs?text=x', 'nothing']) {
      const answer = await call(`/api/${path}`);
      expect([path, answer.status, await codeOf(answer)]).toEqual([path, 401, 'web/not-logged-in']);
    }
    expect((await post('/api/command', { line: 'status' })).status).toBe(401);
    expect((await call('/openapi.json')).status).toBe(200);
    expect((await call('/')).status).toBe(200);
    expect(refused).toHaveLength(7);
    expect(refused[0]).toEqual({ who: undefined, what: 'GET /api/session', code: 'web/not-logged-in' });
  });

  test('[WEB-6] a foreign Origin gets 403, in reading and in writing, with a cookie that would do', async () => {
    const { call, post, enter, swarm, refused } = appStage();
    const page = await enter('admin');
    const origin = 'https://evil.example';
    expect(await codeOf(await call('/api/state', { headers: { ...page, origin } }))).toBe('web/wrong-origin');
    const answer = await post('/api/command', { line: 'stop swarm' }, { ...page, origin });
    expect(answer.status).toBe(403);
    for (const near of ['http://127.0.0.1:7071', 'https://127.0.0.1:7070', 'null', `${ORIGIN}.evil.example`])
      expect((await post('/api/command', { line: 'x' }, { ...page, origin: near })).status).toBe(403);
    expect(swarm.said).toEqual([]);
    expect(refused).toHaveLength(6);
  });

  test('[WEB-6] a browser that says that another site asks is refused, whatever else it sends', async () => {
    const { call, enter } = appStage();
    const page = await enter('admin');
    for (const site of ['cross-site', 'same-site'])
      expect((await call('/api/state', { headers: { ...page, 'sec-fetch-site': site } })).status).toBe(403);
    expect((await call('/api/state', { headers: { ...page, 'sec-fetch-site': 'same-origin' } })).status).toBe(200);
    // A link of another site leads to the page itself, which tells nobody anything.
    expect((await call('/', { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(200);
  });

  test('[WEB-6] under a name that is not ours nobody is served: another site’s name may lead to this machine', async () => {
    const { call, enter, refused } = appStage();
    const page = await enter('admin');
    for (const host of [
      'evil.example',
      'evil.example:7070',
      '127.0.0.1.evil.example',
      '',
      'a b',
      '127.0.0.1:7070@evil',
    ])
      for (const path of ['/', '/api/state', '/openapi.json']) {
        const answer = await call(path, { headers: { ...page, host } });
        expect([host, path, answer.status]).toEqual([host, path, 421]);
      }
    expect(refused).toHaveLength(18);
    // The port is another one at the end of a tunnel.
    const tunnel = { ...page, host: 'localhost:9000', origin: 'http://localhost:9000' };
    expect((await call('/api/state', { headers: tunnel })).status).toBe(200);
  });

  test('[WEB-6] a POST of the page needs the word of its session, and that of another one is none', async () => {
    const { post, enter, swarm } = appStage();
    const [one, other] = [await enter('admin'), await enter('viewer')];
    const without = { cookie: one['cookie']! };
    expect(await codeOf(await post('/api/command', { line: 'status' }, without))).toBe('web/wrong-csrf');
    const crossed = { ...without, 'x-drover-csrf': other['x-drover-csrf']! };
    expect((await post('/api/command', { line: 'status' }, crossed)).status).toBe(403);
    expect((await post('/api/logout', {}, without)).status).toBe(403);
    expect(swarm.said).toEqual([]);
    expect((await post('/api/command', { line: 'status' }, one)).status).toBe(200);
  });

  test('[WEB-6] a one-time token lets in once', async () => {
    const { post, sessions, refused } = appStage();
    const token = sessions.once({ name: 'phone', role: 'operator' });
    expect(await (await post('/api/login', { token })).json()).toMatchObject({ role: 'operator', actor: 'web:phone' });
    const again = await post('/api/login', { token });
    expect([again.status, await codeOf(again)]).toEqual([401, 'web/wrong-token']);
    expect(refused).toEqual([{ who: undefined, what: 'POST /api/login', code: 'web/wrong-token' }]);
  });

  test('[WEB-6] tokens that are wrong, of another swarm, out of date or revoked let nobody in', async () => {
    const { call, post, tokens, clock } = appStage();
    const foreign = appStage().tokens.create({ name: 'a', role: 'admin', expiresAt: null });
    const until = new Date(clock.now + 1000).toISOString();
    const short = tokens.create({ name: 'short', role: 'viewer', expiresAt: until });
    const revoked = tokens.create({ name: 'revoked', role: 'viewer', expiresAt: null });
    const status = async (token: string) =>
      (await call('/api/session', { headers: { authorization: `Bearer ${token}` } })).status;
    expect(await status(short)).toBe(200);
    tokens.revoke('revoked');
    clock.now += 2000;
    expect(await Promise.all([foreign, short, revoked].map(status))).toEqual([401, 401, 401]);
    expect((await post('/api/login', { token: foreign })).status).toBe(401);
  });

  test('[WEB-6] too many wrong tokens are listened to no more for a while, and the address is told how long', async () => {
    const { post, sessions, clock, refused } = appStage();
    for (let i = 0; i < 5; i += 1) expect((await post('/api/login', { token: `guess ${i}` })).status).toBe(401);
    const token = sessions.once({ name: 'me', role: 'viewer' });
    const late = await post('/api/login', { token });
    expect([late.status, late.headers.get('retry-after')]).toEqual([429, '60']);
    expect(refused.at(-1)?.code).toBe('web/too-many-tries');
    clock.now += 61_000;
    expect((await post('/api/login', { token })).status).toBe(200);
  });

  test('the cookie is out of reach of scripts and other sites, and ends with the session', async () => {
    const { call, post, sessions, enter } = appStage();
    const answer = await post('/api/login', { token: sessions.once({ name: 'me', role: 'viewer' }) });
    expect(answer.headers.get('set-cookie')).toMatch(
      /^drover-7070=drover_[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=604800$/u,
    );
    const page = await enter('viewer');
    expect((await call('/api/session', { headers: page })).status).toBe(200);
    expect((await post('/api/logout', {}, page)).headers.get('set-cookie')).toContain('Max-Age=0');
    expect((await call('/api/session', { headers: page })).status).toBe(401);
  });

  test('a session gets a new word each day, and ends with the token that began it', async () => {
    const { call, post, tokens, clock } = appStage();
    const token = tokens.create({ name: 'tablet', role: 'viewer', expiresAt: null });
    const answer = await post('/api/login', { token });
    const cookie = answer.headers.get('set-cookie')!.split(';')[0]!;
    clock.now += 25 * 3_600_000;
    const renewed = (await call('/api/session', { headers: { cookie } })).headers.get('set-cookie')!.split(';')[0]!;
    expect(renewed).not.toBe(cookie);
    clock.now += 61_000;
    expect((await call('/api/session', { headers: { cookie } })).status).toBe(401);
    expect((await call('/api/session', { headers: { cookie: renewed } })).status).toBe(200);
    tokens.revoke('tablet');
    expect((await call('/api/session', { headers: { cookie: renewed } })).status).toBe(401);
  });

  test('[WEB-6] a session ends with the word that began it, also where a token of the same name is made anew', async () => {
    const { call, post, tokens, access } = appStage();
    const { visitorOf } = await import('../../../src/web/http/visitors.ts');
    const enterBy = async (token: string) =>
      (await post('/api/login', { token })).headers.get('set-cookie')!.split(';')[0]!;
    const bearer = (token: string) =>
      visitorOf(access, { headers: new Headers({ authorization: `Bearer ${token}` }), from: 'here' });
    const leaked = tokens.create({ name: 'tablet', role: 'admin', expiresAt: null });
    const [page, open] = [await enterBy(leaked), bearer(leaked)];
    expect(open.holds()).toBe(true);
    const next = tokens.rotate('tablet');
    expect((await call('/api/session', { headers: { cookie: page } })).status).toBe(401);
    expect(open.holds()).toBe(false);
    const later = await enterBy(next);
    tokens.revoke('tablet');
    tokens.create({ name: 'tablet', role: 'viewer', expiresAt: null });
    expect((await call('/api/session', { headers: { cookie: later } })).status).toBe(401);
  });

  test('[WEB-6] two servers of one repository share their sessions: none is lost, and who has left one has left both', async () => {
    const { folder, tokens, sessions, clock } = appStage();
    const open = () => openSessions({ file: `${folder}/web/sessions.json`, tokens, now: () => clock.now });
    const other = open();
    const word = (of: typeof sessions) => of.begin(of.once({ name: 'me', role: 'admin' }))!.secret;
    const [mine, theirs] = [word(sessions), word(other)];
    const found = () => [sessions, other, open()].map((of) => [mine, theirs].map((one) => of.find(one) !== undefined));
    expect(found()).toEqual(Array.from({ length: 3 }, () => [true, true]));
    sessions.end(theirs);
    word(other);
    expect(found()).toEqual(Array.from({ length: 3 }, () => [true, false]));
  });

  test('a link is not used up where its session could not be written down', () => {
    const { folder, sessions } = appStage();
    const secret = sessions.once({ name: 'me', role: 'viewer' });
    writeFileSync(`${folder}/web`, 'in the way');
    expect(() => sessions.begin(secret)).toThrow();
    rmSync(`${folder}/web`);
    expect(sessions.begin(secret)).toMatchObject({ role: 'viewer' });
    expect(sessions.begin(secret)).toBeUndefined();
  });

  test('without authentication everybody on this machine may, and another site still may not', async () => {
    const { call, post } = appStage({ auth: false });
    const session = (await (await call('/api/session')).json()) as { csrf: string };
    expect(session).toMatchObject({ role: 'admin', actor: 'web', auth: 'none' });
    expect((await post('/api/command', { line: 'status' })).status).toBe(403);
    expect((await post('/api/command', { line: 'status' }, { 'x-drover-csrf': session.csrf })).status).toBe(200);
    expect((await call('/api/state', { headers: { origin: 'https://evil.example' } })).status).toBe(403);
  });
});

describe('what is asked', () => {
  const commands = registry.commands;
  const roles = ROLES.filter((role) => role !== 'agent');
  const desk = openDesk(commands);
  /** The daemon's own grammar and judgement, as the role that the frame asks for. */
  const judging = () =>
    swarmStage(({ line, extra }) =>
      desk.sayBy({ name: 'web:viewer', role: extra?.role ?? 'admin', instance: null }, line),
    );

  test('[WEB-4] a viewer gets 403 for every command of the registry that changes something, and nothing is done', async () => {
    const { post, enter } = appStage({ swarm: judging() });
    const page = await enter('viewer');
    const mutating = commands.filter(({ role }) => roles.indexOf(role as 'viewer') > roles.indexOf('viewer'));
    expect(mutating.length).toBeGreaterThan(60);
    const answers = await Promise.all(
      mutating.map(async ({ verb, noun, example }) => {
        const answer = await post('/api/command', { line: example }, page);
        return [`${verb} ${noun}`, answer.status, await codeOf(answer)];
      }),
    );
    expect(answers).toEqual(mutating.map(({ verb, noun }) => [`${verb} ${noun}`, 403, denied.code]));
    expect(desk.recorded()).toEqual([]);
  });

  test('[WEB-4] the role, the name and an id of their own go with each line, and the whole answer comes back', async () => {
    const swarm = swarmStage(async ({ line }) => replyWith({ exit: 5, message: line, confirm: null }));
    const { post, enter } = appStage({ swarm });
    const [one, other] = [await enter('operator'), await enter('viewer')];
    const request = { repo: 'one', line: 'stop rehearsal-1', confirm: 't', id: 'a1', said_at: '2026-01-01T00:00:00Z' };
    const answer = await post('/api/command', request, one);
    expect([answer.status, await answer.json()]).toEqual([200, replyWith({ exit: 5, message: 'stop rehearsal-1' })]);
    await post('/api/command', request, one);
    await post('/api/command', request, other);
    expect(swarm.said[0]).toEqual({
      line: 'stop rehearsal-1',
      extra: {
        id: expect.any(String),
        actor: 'web:operator',
        role: 'operator',
        confirm: 't',
        said_at: request.said_at,
      },
    });
    const [first, second, third] = swarm.said.map(({ extra }) => extra?.id);
    expect(first).toBe(second);
    expect(third).not.toBe(first);
  });

  test.each([
    ['no JSON', '{', 'its body is no JSON: a closing } is missing in line 1.'],
    ['null', 'null', 'its body: it has to be a table, such as {"name": "value"}.'],
    ['a list', '[]', 'its body: it has to be a table, such as {"name": "value"}.'],
    ['no line', '{}', 'line: it has to be a text.'],
    ['an empty line', '{"line":""}', 'line: it needs at least 1 character.'],
    ['a line that is none', '{"line":{"toString":1}}', 'line: it has to be a text.'],
    [
      'keys of all objects',
      '{"line":"status","__proto__":{"role":"admin"},"constructor":1}',
      'its body: there is no "__proto__", "constructor" in it.',
    ],
    ['more than is known', '{"line":"status","role":"admin"}', 'its body: there is no "role" in it.'],
    [
      'an id with a path in it',
      '{"line":"status","id":"../x"}',
      'id: it takes 1 to 40 letters, digits, dots, underscores and hyphens.',
    ],
    [
      'a time that is none',
      '{"line":"status","said_at":"now"}',
      'said_at: it has to be a time such as 2026-01-31T12:00:00Z.',
    ],
  ])('%s is refused with a sentence', async (_what, body, why) => {
    const { post, enter, swarm } = appStage();
    const answer = await post('/api/command', body, await enter('admin'));
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      error: { code: 'web/not-understood', message: `The request was not understood: ${why}` },
    });
    expect(swarm.said).toEqual([]);
  });

  test('[WEB-6] a huge body is refused before it is read', async () => {
    const { call, post, enter } = appStage();
    const page = await enter('admin');
    expect((await post('/api/command', { line: 'x'.repeat(2_000_000) }, page)).status).toBe(400);
    const endless = new ReadableStream({ pull: (stream) => stream.enqueue(new Uint8Array(65_536)) });
    const headers = { ...page, origin: ORIGIN, 'content-type': 'application/json' };
    const more = { duplex: 'half' } as RequestInit;
    expect(
      (await call('/api/command', { ...more, method: 'POST', body: endless, headers } as Parameters<typeof call>[1]))
        .status,
    ).toBe(400);
    expect((await post('/api/login', { token: 'x'.repeat(2_000_000) })).status).toBe(400);
  });

  test('[WEB-6] control characters in a line arrive as they were said, and go out escaped', async () => {
    const swarm = swarmStage(async ({ line }) => replyWith({ message: line }));
    const { post, enter } = appStage({ swarm });
    const line = 'tell rehearsal-1 "\u001b]52;c;aGk=\u0007\u0000\r\n<script>"';
    const answer = await post('/api/command', { line }, await enter('admin'));
    const text = await answer.text();
    expect(text).not.toMatch(/[\u0000-\u001f]/u);
    expect(JSON.parse(text)).toMatchObject({ message: line });
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
  });

  test('[WEB-6] names that every object has are no repository, instance or task', async () => {
    const { call, post, enter, swarm } = appStage();
    const page = await enter('admin');
    for (const name of ['__proto__', 'constructor', 'toString', '../one', '']) {
      const asked = encodeURIComponent(name);
      expect((await call(`/api/state?repo=${asked}`, { headers: page })).status).toBe(404);
      expect((await call(`/api/logs?text=x&instance=${asked}`, { headers: page })).status).toBe(404);
      expect((await call(`/api/logs?text=x&task=${asked}`, { headers: page })).status).toBe(404);
      expect((await post('/api/command', { repo: name, line: 'status' }, page)).status).toBe(404);
      expect((await post(`/api/commands/${asked || 'x'}/constructor`, {}, page)).status).toBe(404);
    }
    expect(swarm.said).toEqual([]);
  });

  test('a command by its name is the line that says the same', async () => {
    const { post, enter, swarm } = appStage();
    const page = await enter('admin');
    const body = { parameters: { id: ['rehearsal-1'] }, modifiers: ['force'] };
    expect((await post('/api/commands/instance/stop', body, page)).status).toBe(200);
    await post(
      '/api/commands/instance/tell',
      { parameters: { id: ['rehearsal-1'], text: 'stop all "agents"; now' } },
      page,
    );
    expect(swarm.said.map(({ line }) => line)).toEqual([
      'stop instance rehearsal-1 force',
      'tell instance rehearsal-1 "stop all \\"agents\\"; now"',
    ]);
  });

  test.each([
    ['create', { parameters: { title: 'x', deps: ['t1 check="rm -rf ."'] } }],
    ['create', { parameters: { title: 'x', 'a check=true b': 'y' } }],
    ['create', { parameters: { title: 'x', priority: 1, deps: ['t1', 't2 priority=9 group=g'] } }],
  ])('what a field says stays in it: %s %j', async (verb, body) => {
    const { post, enter, swarm } = appStage();
    const answer = await post(`/api/commands/task/${verb}`, body, await enter('operator'));
    const said = swarm.said.map(({ line }) => parse(line, language));
    expect([answer.status, said.some(({ ok }) => ok)]).toEqual([
      expect.toSatisfy((one) => one === 400 || one === 200),
      false,
    ]);
  });

  test.each([
    ['task/create', { title: 'x', deps: ['t1,t2'] }],
    ['task/create', { title: 'x', deps: ['t0', 't1,t2'] }],
    ['instance/stop', { scope: 'all', except: ['a-1,b-1'] }],
  ])('a comma within a list makes no two of one: %s %j', async (name, parameters) => {
    const { post, enter, swarm } = appStage();
    const answer = await post(`/api/commands/${name}`, { parameters }, await enter('operator'));
    expect([answer.status, await answer.text(), swarm.said]).toEqual([400, expect.stringContaining('comma'), []]);
  });

  test('every command can be said by its name and fields', () => {
    for (const { example } of language.commands) {
      const read = parse(example, language);
      if (!read.ok) throw read.error;
      const again = parse(lineOf(language, read.meaning), language);
      expect(again.ok && again.meaning).toEqual(read.meaning);
    }
  });

  test('the state comes with what its events go on from', async () => {
    const { call, enter, swarm } = appStage();
    swarm.happen({ type: 'journal.repaired', data: { message: 'x' } });
    const answer = await call('/api/state', { headers: await enter('viewer') });
    expect(await answer.json()).toMatchObject({ seq: 1, state: { seq: 1 }, repository: 'first', connected: true });
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  test('what a line would do is foretold to nobody as more than the daemon lets the server do', async () => {
    const { call, enter, swarm } = appStage();
    const headers = await enter('admin');
    const foretold = async () => (await (await call('/api/complete?line=x', { headers })).json()).hint.says;
    expect(await foretold()).toBe('x by web:admin, admin');
    swarm.introduce({ name: 'web', role: 'operator' });
    expect(await foretold()).toBe('x by web:admin, operator');
    swarm.introduce({ name: 'unknown', role: 'viewer', doubt: 'Who knows.' });
    expect(await foretold()).toBe('x by unknown, viewer');
    const { identity } = (await (await call('/api/state', { headers })).json()) as Snapshot;
    expect(identity).toEqual({ name: 'unknown', role: 'viewer', doubt: 'Who knows.' });
  });

  test('the language, completion and the session answer', async () => {
    const { call, enter } = appStage();
    const headers = await enter('viewer');
    const language = (await (await call('/api/language', { headers })).json()) as {
      commands: unknown[];
      signatures: unknown[];
    };
    expect(language.commands).toHaveLength(registry.commands.length);
    expect(await (await call('/api/complete?line=lau', { headers })).json()).toEqual({
      candidates: [{ word: 'lau…', help: 'more' }],
      hint: { kind: 'ok', says: 'lau by web:viewer, viewer' },
    });
    expect((await call(`/api/complete?line=${'x'.repeat(5000)}`, { headers })).status).toBe(400);
    expect(await (await call('/api/session', { headers })).json()).toMatchObject({
      ...{ role: 'viewer', repositories: [{ id: 'one', name: 'first' }], version: '1.2.3' },
    });
  });

  test('a daemon that cannot be reached is told as that, and a fault of the program without its stack', async () => {
    const { noDaemon } = await import('../../../src/client/errors.ts');
    let thrown: unknown = noDaemon({ why: 'it is a test' });
    const { post, enter, complaints } = appStage({ swarm: swarmStage(() => Promise.reject(thrown)) });
    const page = await enter('admin');
    expect((await post('/api/command', { line: 'status' }, page)).status).toBe(503);
    thrown = new Error('secret in a stack');
    const answer = await post('/api/command', { line: 'status' }, page);
    expect([answer.status, (await answer.text()).includes('secret')]).toEqual([500, false]);
    expect(complaints).toEqual([expect.stringContaining('secret in a stack')]);
  });
});

test('[WEB-6] every answer, refusals included, says that nothing foreign may be run, framed or told of it', async () => {
  const { call } = appStage();
  const asked = ['/', '/openapi.json', '/api/session', '/api/nothing', '/assets/nothing.js'];
  for (const answer of [
    ...(await Promise.all(asked.map((path) => call(path)))),
    await call('/', { headers: { host: 'evil' } }),
  ]) {
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; /u);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*|http/u);
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect([...answer.headers.keys()].filter((name) => /^(?:server|x-powered-by|access-control)/u.test(name))).toEqual(
      [],
    );
  }
  expect(HOST).toBe('127.0.0.1:7070');
});
