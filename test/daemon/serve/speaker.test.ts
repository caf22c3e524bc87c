import { expect, test } from 'vitest';
import { judgeSpeaker, type Scene } from '../../../src/daemon/serve/speaker.ts';
import type { Lineage, Relative } from '../../../src/ports/target.ts';

/** When the agents of these scenes were made, in milliseconds. */
const AGENTS_AT = 1000;

const one = (pid: number, more: Partial<Relative> = {}): Relative => ({
  ...{
    pid,
    parent: 1,
    session: pid,
    tty: '',
    startedAt: AGENTS_AT + 500,
    argv: ['sh'],
    user: 1000,
    env: {},
    cwd: '/',
    cgroup: '',
    isApart: false,
  },
  ...more,
});

/** Each comes from the one behind it. */
const lineage = (...all: readonly Relative[]): Lineage =>
  all.map((each, at) => ({ ...each, parent: all[at + 1]?.pid ?? each.parent }));

const init = one(1, { parent: 0, session: 0, startedAt: 0, argv: ['init'], user: 0 });
const tmux = one(50, { startedAt: AGENTS_AT + 10, argv: ['tmux'] });
const pane = one(60, { tty: '34816', argv: ['/bin/sh', '/d/pane.sh', '/s/instances/claude-1/launch.sh'] });

const scene: Scene = {
  instances: [
    { id: 'claude-1', worktree: '/w/claude-1', createdAt: AGENTS_AT, pane: lineage(pane, tmux, init) },
    { id: 'claude-2', worktree: '/w/claude-2', createdAt: AGENTS_AT + 5, pane: null },
  ],
  ...{
    launches: '/s/instances',
    spool: '/s/spool',
    self: 70,
    user: 1000,
    tmuxServer: 50,
    cgroups: new Set(['', '/agents']),
  },
};

const judged = (...all: readonly Relative[]): string => {
  const speaker = judgeSpeaker(lineage(...all), scene);
  if (speaker.kind === 'instance') return speaker.id;
  return speaker.kind === 'unknown' ? `unknown ${speaker.suspect}` : 'person';
};

const old = { startedAt: 10 };
const shutIn = { isApart: true };
const environment = { DROVER_INSTANCE: 'claude-2', DROVER_SPOOL: '/s/spool/claude-2' };
const systemd = one(9, { parent: 1, argv: ['/usr/lib/systemd/systemd', '--user'], startedAt: 5 });

test.each<[string, readonly Relative[], string]>([
  ['below the terminal of an instance', [one(101), one(100, { session: 100 }), pane, tmux, init], 'claude-1'],
  ['below it with the marks of another', [one(101, { env: environment }), pane, tmux, init], 'claude-1'],
  ['without a parent, at its terminal', [one(101, { tty: '34816' }), init], 'claude-1'],
  ['without a parent, with an environment', [one(101, { env: environment }), init], 'unknown claude-2'],
  ['without a parent, in a worktree', [one(102), one(101, { cwd: '/w/claude-2/src' }), init], 'unknown claude-2'],
  ['without a parent and any mark', [one(101), init], 'unknown null'],
  ['in a tmux server of its own', [one(103, { tty: '34900' }), one(102), init], 'unknown null'],
  ['run by tmux in nobody’s terminal', [one(103), one(102), tmux, init], 'unknown null'],
  [
    'with an old environment of this swarm',
    [one(101), one(100, { ...old, env: environment }), init],
    'unknown claude-2',
  ],
  [
    'as a launch script without its terminal',
    [one(101, { argv: ['sh', '/s/instances/claude-1/launch.sh'] }), init],
    'unknown claude-1',
  ],
  [
    'run by the daemon',
    [one(72), one(71, { argv: ['node', '/d/process/broker-main.js'] }), one(70, old), init],
    'unknown null',
  ],
  ['let go of by an agent under systemd', [one(101, { cgroup: '/agents' }), systemd, init], 'unknown null'],
  ['started by systemd for a person', [one(102), one(101, { cgroup: '/app-terminal' }), systemd, init], 'person'],
  ['in a terminal of the agents’ tmux', [one(102), one(101, { tty: '34900' }), tmux, init], 'person'],
  ['from a program older than the agents', [one(102), one(101, old), init], 'person'],
  ['from the daemon’s terminal, not by the daemon', [one(102), one(101, old), one(70, old), init], 'person'],
  ['by a connection that is root’s', [one(102), one(101), one(100, { user: 0, argv: ['sshd'] }), init], 'person'],
  [
    'by a program that is root’s by its own mark alone',
    [one(102), one(101, { user: Number.NaN }), init],
    'unknown null',
  ],
  // Each of these would be a person: what is shut in by another swarm comes from its terminal, which may be older than ours.
  ['from a program older than the agents, shut in', [one(102, shutIn), one(101, old), init], 'unknown null'],
  [
    'in a terminal of the agents’ tmux, shut in',
    [one(102, shutIn), one(101, { tty: '9' }), tmux, init],
    'unknown null',
  ],
  ['from outside of the container, shut in', [one(101, { parent: 0, ...shutIn })], 'unknown null'],
  ['shut in below the terminal of an instance', [one(101, shutIn), pane, tmux, init], 'claude-1'],
  ['from outside of the container', [one(102), one(101, { parent: 0 })], 'person'],
  [
    'in the session of the container’s first program',
    [one(102), one(101, { session: 1 }), one(1, { parent: 0, session: 1 })],
    'person',
  ],
])('%s', (_name, all, expected) => {
  expect(judged(...all)).toBe(expected);
});

test('without agents everybody who may open the socket is a person, but who is shut in elsewhere', () => {
  const none = { ...scene, instances: [], tmuxServer: null };
  expect(judgeSpeaker(lineage(one(101), init), none)).toMatchObject({ kind: 'person' });
  expect(judgeSpeaker(lineage(one(101, shutIn), init), none)).toMatchObject({
    kind: 'unknown',
    because: 'process 101 is in a sandbox or a container, where anybody may be',
  });
});

test('where nobody knows how the system counts agents, a younger program without a parent is nobody’s', () => {
  const caller = lineage(one(101, { cgroup: '/app' }), init);
  expect(judgeSpeaker(caller, { ...scene, cgroups: null })).toMatchObject({ kind: 'unknown' });
});
