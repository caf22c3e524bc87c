import { realpathSync } from 'node:fs';
import { spawn } from '@lydell/node-pty';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { attachOutcome } from '../../../src/commands/sessions/session-rows.ts';
import { lookForOrphans, watchOrphans } from '../../../src/daemon/watch/watch-orphans.ts';
import type { State } from '../../../src/state/index.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { runMain } from '../../helpers/io.ts';
import { servicesWith } from '../../helpers/services.ts';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';
import { servicesOn } from '../../helpers/target.ts';
import { instanceIs, until as untilState } from '../stage.ts';

let swarm: Swarm;
beforeAll(async () => {
  swarm = await openSwarm();
  await swarm.say('launch 2 instances');
});
afterAll(() => swarm[Symbol.asyncDispose]());

const until = (condition: () => boolean) => vi.waitUntil(condition, { timeout: 30_000, interval: 30 });
const run = (...argv: string[]) => runMain(argv, { cwd: swarm.root, env: swarm.env });
const names = (of: Swarm = swarm) => of.tmux('list-sessions', '-F', '#{session_name}').split('\n');
const clients = () =>
  swarm
    .tmux('list-clients', '-F', '#{client_session} #{client_readonly}')
    .split('\n')
    .filter((line) => line !== '');

/** `tmux attach` as a person types it. */
const attach = (...args: string[]) => {
  const pty = spawn('tmux', ['-u', 'attach', ...args], { cols: 90, rows: 30, name: 'xterm-256color', env: swarm.env });
  return { pty, left: new Promise<void>((resolve) => pty.onExit(() => resolve())) };
};

/** A session that somebody marked as an agent of this repository. */
const haunt = (of: Swarm, name: string): void => {
  of.tmux('new-session', '-d', '-s', `r-${name}`, 'cat');
  of.tmux('set-option', '-t', `=r-${name}:`, '@drover_id', `${of.paths.key}/${name}`);
};

test('[TMX-6] each session has the windows agent, shell and log, and a closed one is opened again', async () => {
  const windows = () => swarm.tmux('list-windows', '-t', '=r-rehearsal-1', '-F', '#W').split('\n');
  expect(windows()).toEqual(['agent', 'shell', 'log']);
  expect(swarm.tmux('display-message', '-p', '-t', '=r-rehearsal-1:', '#W')).toBe('agent');
  const folder = swarm.tmux('display-message', '-p', '-t', '=r-rehearsal-1:=shell', '#{pane_current_path}');
  expect(folder).toBe(realpathSync(`${swarm.paths.worktrees}/rehearsal-1`));
  swarm.tmux('kill-window', '-t', '=r-rehearsal-1:=shell');
  expect(windows()).toEqual(['agent', 'log']);
  const reset = await run('sessions', 'layout', 'reset', 'rehearsal-1');
  expect(reset).toMatchObject({ exit: 0, stdout: 'Opened 1 window of rehearsal-1: shell.\n' });
  expect(windows().toSorted()).toEqual(['agent', 'log', 'shell']);
  expect((await swarm.say('reset all sessions')).message).toBe('All windows of rehearsal-1, rehearsal-2 are there.');
  expect((await swarm.say('reset session nope-1')).exit).toBe(3);
  expect((await swarm.state()).instances['rehearsal-1']!.state.kind).toBe('idle');
});

test('[TMX-6] sessions are listed with instance, windows and clients, and attached and detached by name', async () => {
  const listed = await run('sessions', 'list', '--json');
  expect(JSON.parse(listed.stdout)).toMatchObject([
    { session: 'r-rehearsal-1', instance: 'rehearsal-1', orphan: false, clients: [], cols: 120, rows: 36 },
    { session: 'r-rehearsal-2', instance: 'rehearsal-2', orphan: false },
  ]);
  expect((await swarm.say('list sessions')).text).toMatch(/r-rehearsal-1 +rehearsal-1 +0 +agent /);
  const place = await swarm.say('attach session r-rehearsal-1 read-only');
  expect(place.message).toBe('tmux attach -r -t =r-rehearsal-1');
  expect(place.data).toMatchObject({ instance: 'rehearsal-1', read_only: true });
  expect(await run('sessions', 'attach', 'rehearsal-1')).toMatchObject({
    exit: 2,
    stderr: 'drover: attach needs a terminal. From one: tmux attach -t =r-rehearsal-1\n',
  });
  expect(JSON.parse((await run('instances', 'attach', 'rehearsal-1', '--json')).stdout)).toMatchObject({
    read_only: false,
  });
  expect((await swarm.say('detach session rehearsal-1')).message).toBe('Nobody is attached to rehearsal-1.');
  const seen = [attach('-t', '=r-rehearsal-1'), attach('-r', '-t', '=r-rehearsal-1'), attach('-t', '=r-rehearsal-2')];
  await until(() => clients().length === 3);
  expect((await swarm.say('list sessions rehearsal-1')).data).toMatchObject([{ clients: [{}, {}] }]);
  const shown = await swarm.say('show session rehearsal-1');
  expect(shown.message).toBe('r-rehearsal-1 of rehearsal-1; 2 look at it.');
  expect(shown.text).toMatch(/^client: +\/dev\/\S+, 90×\d+, looks only$/m);
  const detached = await run('sessions', 'detach', 'rehearsal-1');
  expect(detached).toMatchObject({ exit: 0, stdout: 'Detached 2 clients from rehearsal-1.\n' });
  await Promise.all(seen.slice(0, 2).map(({ left }) => left));
  expect(clients()).toEqual(['r-rehearsal-2 0']);
  expect((await swarm.say('detach all instances')).message).toBe('Detached 1 client from rehearsal-1, rehearsal-2.');
  await seen[2]!.left;
  expect((await swarm.say('detach all sessions')).data).toMatchObject([{ detached: 0 }, { detached: 0 }]);
  expect(await swarm.say('show session nope')).toMatchObject({ exit: 3, hint: 'Known: rehearsal-1, rehearsal-2.' });
});

test('[TMX-7] a session with our mark and no record is removed by "sessions prune --yes", and a foreign one stays', async () => {
  haunt(swarm, 'ghost-1');
  swarm.tmux('new-session', '-d', '-s', 'mine', 'cat');
  swarm.tmux('new-session', '-d', '-s', 'r-ghost-2', 'cat');
  swarm.tmux('set-option', '-t', '=r-ghost-2:', '@drover_id', 'other/ghost-2');
  expect((await swarm.say('list sessions')).text).toMatch(/r-ghost-1 +! of no instance/);
  expect((await swarm.say('list stale sessions')).data).toMatchObject([{ session: 'r-ghost-1', instance: null }]);
  const ghost = await swarm.say('show session r-ghost-1');
  expect([ghost.message, ghost.text]).toEqual([
    'r-ghost-1 of no instance; nobody looks at it.',
    expect.stringContaining('no record knows it, see "clean sessions"'),
  ]);
  expect((await swarm.say('list sessions')).message).toBe('3 sessions, 1 of no instance.');
  expect((await swarm.say('detach session r-ghost-1')).message).toBe('Nobody is attached to r-ghost-1.');
  expect((await swarm.say('attach session r-ghost-1')).data).toMatchObject({ instance: null });
  expect((await swarm.say('clean sessions dry-run')).message).toBe('This would end 1 session: r-ghost-1.');
  expect(await swarm.say('clean session rehearsal-1')).toMatchObject({
    exit: 6,
    data: { code: 'command/wrong-state' },
  });
  const asked = await run('sessions', 'prune');
  expect([asked.exit, asked.stderr]).toEqual([5, expect.stringContaining('that no record knows')]);
  expect(names()).toContain('r-ghost-1');
  const done = await run('sessions', 'prune', '--yes');
  expect(done).toMatchObject({ exit: 0, stdout: 'Ended 1 session: r-ghost-1.\n' });
  expect(names()).toEqual(['mine', 'r-ghost-2', 'r-rehearsal-1', 'r-rehearsal-2']);
  expect((await swarm.say('prune stale sessions')).message).toBe('No session is left over.');
});

test('[TMX-7] what a person runs in a left-over session goes on when that is ended, and the answer says where', async () => {
  await using other = await openSwarm();
  haunt(other, 'ghost-1');
  other.tmux('set-option', '-F', '-t', '=r-ghost-1:', '@drover_pane', '#{pane_id}');
  other.tmux('new-window', '-d', '-t', '=r-ghost-1:', 'exec cat');
  expect((await other.propose('clean sessions')).message).toContain(
    'what you run there yourself goes on in a session of another name',
  );
  const cleaned = await other.say('clean sessions');
  expect(cleaned.message).toBe('Ended 1 session: r-ghost-1. What you run there goes on in r-ghost-1-yours.');
  expect(cleaned.data).toMatchObject({ removed: ['r-ghost-1'], continued: ['r-ghost-1-yours'] });
  expect(other.tmux('list-windows', '-a', '-F', '#{session_name} #{pane_current_command}')).toBe('r-ghost-1-yours cat');
});

test('[TMX-7] a left-over session in which something is printed is no old one', async () => {
  await using other = await openSwarm();
  other.tmux('new-session', '-d', '-s', 'r-ghost-1', 'while sleep 0.2; do date; done');
  other.tmux('set-option', '-t', '=r-ghost-1:', '@drover_id', `${other.paths.key}/ghost-1`);
  const seen = async () => {
    const { data } = await other.say('show session r-ghost-1');
    return data as { created_at: string; last_activity: string };
  };
  // Nobody looks at it and nobody types there: what tmux says of the session itself stays as it was.
  await vi.waitUntil(async () => (({ created_at, last_activity }) => last_activity > created_at)(await seen()), {
    timeout: 30_000,
    interval: 100,
  });
});

test('[TMX-7] left-over sessions are found when the daemon starts, an alert names them, and it goes with them', async () => {
  await using other = await openSwarm();
  haunt(other, 'ghost-1');
  await other.reopen();
  const { alerts } = await untilState(other, (state) => state.alerts['orphans'] !== undefined);
  expect(alerts['orphans']).toMatchObject({
    text: '1 tmux session is marked as agents of this repository and belongs to no instance: r-ghost-1',
    suggestion: 'clean sessions',
  });
  expect((await other.propose('clean sessions')).message).toContain('belongs to no instance: r-ghost-1');
  await other.say('clean sessions');
  expect((await other.state()).alerts).toEqual({});
  expect(names(other)).not.toContain('r-ghost-1');
});

test('[TMX-7] the look for left-over sessions is repeated, says nothing twice, and gets over a server that fails', async () => {
  const stop = new AbortController();
  const known = { 'kiro-1': {} } as unknown as State['instances'];
  let state = { instances: known, alerts: {} } as State;
  const facts: string[] = [];
  const looks: (readonly string[] | Error)[] = [['kiro-1'], ['a', 'b', 'kiro-1'], ['a', 'b'], new Error('no'), [], []];
  const services = servicesWith({
    paths: { key: 'k' },
    signal: stop.signal,
    store: {
      get state() {
        return state;
      },
    },
    log: (line: string) => facts.push(line),
    ...servicesOn({
      tmux: {
        sessions: async () => {
          const next = looks.shift();
          if (looks.length === 0) stop.abort();
          if (next instanceof Error) throw next;
          return (next ?? []).map((id) => ({ session: `r-${id}`, droverId: `k/${id}` }));
        },
      },
    }),
    decide: async (make: (now: State) => readonly { type: string; data: { id: string; text?: string } }[]) => {
      for (const { type, data } of make(state)) {
        facts.push(`${type} ${data.text ?? ''}`.trim());
        const alerts = type === 'alert.raised' ? { orphans: data } : {};
        state = { ...state, alerts: alerts as unknown as State['alerts'] };
      }
      return [];
    },
  });
  await watchOrphans(services, 1).done;
  expect(facts).toEqual([
    'alert.raised 2 tmux sessions are marked as agents of this repository and belong to no instance: r-a, r-b',
    'looking for sessions failed: no',
    'alert.cleared',
  ]);
  await lookForOrphans(services);
  expect(facts).toHaveLength(3);
});

test('an agent whose pane somebody closes is lost, although the windows beside it stay', async () => {
  const { pane } = (await swarm.state()).instances['rehearsal-2']!;
  swarm.tmux('kill-pane', '-t', pane!);
  await instanceIs(swarm, 'rehearsal-2', 'lost');
  expect(names()).toContain('r-rehearsal-2');
  await swarm.say('restart instance rehearsal-2');
  await instanceIs(swarm, 'rehearsal-2', 'idle');
  const windows = swarm.tmux('list-windows', '-t', '=r-rehearsal-2', '-F', '#W');
  expect(windows.split('\n')).toEqual(['agent', 'shell', 'log']);
  await swarm.say('stop instance rehearsal-2');
  for (const text of ['attach rehearsal-2', 'detach rehearsal-2', 'reset session rehearsal-2'])
    expect([text, await swarm.say(text)]).toMatchObject([text, { exit: 6, data: { code: 'command/wrong-state' } }]);
  expect(names()).not.toContain('r-rehearsal-2');
  expect((await swarm.say('reset all sessions')).data).toMatchObject([{ instance: 'rehearsal-1' }]);
  expect((await swarm.say('detach all instances')).data).toMatchObject([{ instance: 'rehearsal-1' }]);
  expect((await swarm.say('reset stopped sessions')).message).toBe('All windows of the swarm are there.');
});

test('a session on a server of its own is handed over with the name of that server', () => {
  const context = { settings: settingsSchema.parse({ tmux: { socket: 'own' } }) };
  const place = { instance: 'rehearsal-1', session: 'r-rehearsal-1' };
  expect(attachOutcome(context, place, ['read-only'])).toMatchObject({
    message: 'tmux -L own attach -r -t =r-rehearsal-1',
  });
});
