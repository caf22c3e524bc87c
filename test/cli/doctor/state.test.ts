import { describe, expect, test } from 'vitest';
import { type DaemonFacts, judgeDaemon } from '../../../src/cli/doctor/daemon.ts';
import { leftoversOf } from '../../../src/cli/doctor/find-leftovers.ts';
import { judgeLeftovers } from '../../../src/cli/doctor/leftovers.ts';
import { judgeState, type StateFacts } from '../../../src/cli/doctor/state.ts';
import type { PaneInfo } from '../../../src/ports/index.ts';
import { emptyState } from '../../../src/state/index.ts';
import type { Instance } from '../../../src/state/instances.ts';
import { storeNewer } from '../../../src/state/store/errors.ts';
import { faults } from './findings.ts';

describe('the daemon', () => {
  const facts: DaemonFacts = {
    paths: { socket: '/r/.git/drover/drover.sock', lock: '/r/.git/drover/lock.db' },
    file: 'nothing',
    answer: { kind: 'nobody' },
    holder: null,
    stopped: false,
    folders: [{ path: '/r/.git/drover', mode: 0o700, mine: true }],
    version: '1.0.0',
    knowsCallers: true,
  };
  const living = { pid: 9, alive: true, ours: true };
  test.each<[Partial<DaemonFacts>, readonly string[]]>([
    [{}, []],
    [{ answer: { kind: 'version', version: '1.0.0', pid: 9 }, file: 'socket', holder: living }, []],
    [{ answer: { kind: 'version', version: '0.9.0', pid: 9 } }, ['warning daemon.other-version']],
    [{ knowsCallers: false }, ['warning daemon.callers-unknown']],
    [{ file: 'socket' }, ['error daemon.stale-socket']],
    [{ file: 'other' }, ['error daemon.not-a-socket']],
    [{ answer: { kind: 'silent' }, holder: living }, ['error daemon.silent']],
    [{ answer: { kind: 'silent' } }, ['error daemon.silent']],
    [{ answer: { kind: 'denied' } }, ['error daemon.denied']],
    [{ holder: living }, ['error daemon.deaf']],
    [{ holder: { pid: 9, alive: false, ours: true } }, ['note daemon.dead-lock']],
    [{ holder: { pid: 9, alive: true, ours: false } }, ['note daemon.dead-lock']],
    [{ folders: [{ path: '/s', mode: 0o755, mine: true }] }, ['warning daemon.permissions']],
    [{ folders: [{ path: '/s', mode: 0o700, mine: false }] }, ['error daemon.not-mine']],
    [{ folders: [{ path: '/s', mode: 0, mine: true, linked: true }] }, ['error daemon.linked']],
    [{ paths: { ...facts.paths, socket: `/${'x'.repeat(120)}` } }, ['error daemon.path-too-long']],
  ])('is judged by its socket, its lock and its folders: %#', (more, expected) => {
    expect(faults(judgeDaemon({ ...facts, ...more }))).toEqual(expected);
  });

  test.each<[Partial<DaemonFacts>, string]>([
    [{ answer: { kind: 'silent' }, holder: living }, 'drover daemon stop'],
    [{ answer: { kind: 'silent' }, holder: living, stopped: true }, 'kill -CONT 9'],
    // No process is known that could be ended: it is to be found by its socket.
    [{ answer: { kind: 'silent' } }, 'lsof /r/.git/drover/drover.sock'],
    [{ answer: { kind: 'silent' }, holder: { ...living, ours: false } }, 'lsof /r/.git/drover/drover.sock'],
    [{ answer: { kind: 'silent' }, holder: { ...living, alive: false } }, 'lsof /r/.git/drover/drover.sock'],
    [{ holder: living }, 'drover daemon stop'],
    [{ holder: living, stopped: true }, 'kill -CONT 9'],
  ])('that is not heard of gets a repair that helps: %#', (more, repair) => {
    expect(judgeDaemon({ ...facts, ...more })[0]).toMatchObject({ severity: 'error', repair });
  });

  test('only what loses nothing is repaired by us', () => {
    const fixes = (more: Partial<DaemonFacts>) => judgeDaemon({ ...facts, ...more }).flatMap(({ fix }) => fix ?? []);
    expect(fixes({ file: 'socket', holder: { pid: 9, alive: false, ours: true } })).toEqual([
      { kind: 'remove-socket', path: facts.paths.socket },
      { kind: 'remove-holder', path: `${facts.paths.lock}.pid`, pid: 9 },
    ]);
    expect(fixes({ folders: [{ path: '/s', mode: 0o750, mine: true }] })).toEqual([
      { kind: 'make-private', path: '/s' },
    ]);
    expect(fixes({ file: 'other' })).toEqual([{ kind: 'set-aside', path: facts.paths.socket }]);
    expect(fixes({ file: 'socket', holder: living })).toEqual([]);
    const since = { started: '77', ageMs: 30_000 };
    expect(fixes({ holder: { ...living, since: { ...since, ageMs: 29_999 } } })).toEqual([]);
    expect(fixes({ holder: { ...living, since }, stopped: true })).toEqual([]);
    expect(fixes({ holder: { ...living, since }, answer: { kind: 'silent' } })).toEqual([]);
    expect(fixes({ holder: { ...living, since } })).toEqual([{ kind: 'end-daemon', pid: 9, started: '77' }]);
  });
});

describe('the state', () => {
  const NOW = Date.parse('2026-11-20T12:00:00Z');
  const facts: StateFacts = {
    paths: { state: '/r/.git/drover', projection: '/r/.git/drover/db.json' },
    segments: 1,
    events: 10,
    since: 1,
    state: { ...emptyState, seq: 10 },
    written: 10,
    faulty: null,
    damage: null,
    torn: null,
    newer: null,
    faults: [],
    unchecked: 0,
    mark: 10,
    loss: null,
    inTheWay: [],
    unread: 0,
    lastEvent: NOW - 60_000,
    held: false,
    now: NOW,
  };
  test.each<[Partial<StateFacts>, readonly string[]]>([
    [{}, []],
    [{ segments: 0, written: null, state: emptyState, mark: 0 }, []],
    [{ segments: 0, written: null, state: emptyState }, ['error state.lost']],
    [{ mark: 12 }, ['error state.lost']],
    [{ mark: 12, held: true }, []],
    [{ faults: [{ what: 'x is damaged', from: 3, to: 7 }] }, ['error state.history']],
    [{ unchecked: 3 }, ['note state.unchecked']],
    [{ inTheWay: [{ path: '/r/.git/drover/spool', wanted: 'folder' }] }, ['error state.in-the-way']],
    [{ damage: '/x is damaged at line 3', state: undefined }, ['error state.damaged']],
    [
      {
        newer: storeNewer({ file: '/x', version: 'v99' }),
        damage: '/x is damaged',
        written: null,
        faulty: 'it is of v99',
      },
      ['error state.newer'],
    ],
    [{ torn: 'it ended in half an event: dropped' }, ['note state.torn']],
    [{ torn: 'it ended in half an event: dropped', held: true }, []],
    [{ unread: 9, state: undefined }, ['note state.unread']],
    [{ written: null }, ['note state.projection']],
    [{ written: null, faulty: 'it is not whole' }, ['warning state.projection']],
    [{ written: 4 }, ['note state.behind']],
    [{ written: 4, held: true }, ['warning state.behind']],
    [{ written: 4, held: true, lastEvent: NOW - 500 }, []],
    [{ lastEvent: NOW + 3_600_000 }, ['warning system.clock']],
  ])('is judged by the journal and db.json: %#', (more, expected) => {
    expect(faults(judgeState({ ...facts, ...more }))).toEqual(expected);
  });

  test('after a loss it is said how many events are there, and from which on none is missing', () => {
    const contentOf = (more: Partial<StateFacts>) =>
      judgeState({ ...facts, segments: 2, ...more }).find(({ id }) => id === 'state.journal')?.cause;
    expect(contentOf({})).toBe('10 events in 2 segments');
    expect(contentOf({ events: 7, since: 8 })).toBe('7 of 10 events in 2 segments, without a gap from event 8 on');
    expect(contentOf({ events: 0, segments: 0 })).toBe('0 of 10 events in 0 segments');
    // A daemon goes on while it is counted.
    expect(contentOf({ events: 12 })).toBe('12 events in 2 segments');
    expect(contentOf({ events: 12, segments: 1 })).toBe('12 events in 1 segment');
  });
});

describe('what is left behind', () => {
  const pane = (session: string, droverId: string, attached = 0): PaneInfo => ({
    ...{ session, droverId, attached, pane: '%1', pid: 1, dead: false, exitCode: null, exitSignal: null },
    ...{ cols: 80, rows: 24, title: '', server: '', isLogged: true },
  });
  const instance = (id: string, kind: Instance['state']['kind']): Instance =>
    ({
      instance_id: id,
      pane: '%1',
      branch_name: `drover/${id}`,
      state: { kind, since: '', source: 'drover' },
    }) as unknown as Instance;
  const instances = { 'claude-1': instance('claude-1', 'working'), 'claude-2': instance('claude-2', 'stopped') };
  const seen = {
    key: 'k1',
    state: { ...emptyState, instances },
    panes: [pane('r-claude-1', 'k1/claude-1')],
    folders: ['claude-1', 'integration', '.drover-trash-1'],
    branches: ['drover/integration', 'drover/claude-1', 'drover/claude-2', 'drover/notes'],
    integration: 'drover/integration',
  };

  test('nothing of a known instance is left over, and nothing that carries another mark', () => {
    expect(leftoversOf({ ...seen, panes: [...seen.panes, pane('mine', ''), pane('other', 'k2/claude-9')] })).toEqual({
      ...{ sessions: [], lost: [], folders: [], branches: [] },
    });
  });

  test('sessions, records, folders and branches that belong to nothing are named', () => {
    const left = leftoversOf({
      ...seen,
      panes: [pane('r-ghost-1', 'k1/ghost-1'), pane('r-ghost-2', 'k1/ghost-2', 1)],
      folders: ['ghost-1'],
      branches: ['drover/ghost-1', 'drover/claude-1-2'],
    });
    expect(left.lost).toEqual(['claude-1']);
    expect(leftoversOf({ ...seen, panes: null }).lost).toEqual([]);
    const gone = [
      { path: '/w/ghost-3', ours: true, locked: false },
      { path: '/w/ghost-4', ours: true, locked: true },
      { path: '/usb/mine', ours: false, locked: false },
      { path: '/usb/locked', ours: false, locked: true },
    ];
    const kept = [{ name: 'a-1', path: '/w/.drover-kept/a-1', keptAt: 0, bytes: null }];
    const restores = { half: '/r/.git/drover.restoring', whole: '/r/.git/drover.restored' };
    const about = { paths: { root: '/r', worktrees: '/w' }, now: 3 * 86_400_000 };
    const findings = judgeLeftovers({ ...left, ...about, gone, kept, restores, forwarders: [] });
    expect(findings.map(({ severity, id, repair, fix }) => [severity, id, repair, fix?.kind])).toEqual([
      ['warning', 'leftover.session', 'drover sessions clean r-ghost-1', 'end-session'],
      ['warning', 'leftover.session', 'drover sessions clean r-ghost-2', undefined],
      ['note', 'leftover.lost-instance', 'drover instances restart claude-1', undefined],
      ['warning', 'leftover.worktree', 'git -C /r worktree remove /w/ghost-1', undefined],
      ['warning', 'leftover.worktree-record', 'git -C /r worktree remove --force /w/ghost-3', 'forget-worktree'],
      ['warning', 'leftover.worktree-record', 'git -C /r worktree remove --force --force /w/ghost-4', undefined],
      ['note', 'leftover.own-worktree-record', 'git -C /r worktree prune', undefined],
      ['note', 'leftover.kept', 'drover worktrees clean kept=a-1', undefined],
      ['warning', 'leftover.half-restored', 'drover daemon start', undefined],
      ['warning', 'leftover.restored', 'drover daemon start', undefined],
      ['note', 'leftover.branch', 'git -C /r branch -d drover/ghost-1', undefined],
      ['note', 'leftover.branch', 'git -C /r branch -d drover/claude-1-2', undefined],
    ]);
    expect(findings.find(({ id }) => id === 'leftover.kept')!.cause).toContain('(of unknown size, 3d old)');
  });
});
