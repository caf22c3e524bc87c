import { expect, test, vi } from 'vitest';
import { isBetweenSessions } from '../../../src/daemon/actions/launch-instance.ts';
import { reassignRun, startingPointOf } from '../../../src/daemon/actions/reassign-run.ts';
import { gitBusy } from '../../../src/git/errors.ts';
import type { EventDraft, State } from '../../../src/state/index.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import type { FailureClass } from '../../../src/state/tasks.ts';
import { servicesWith } from '../../helpers/services.ts';
import { servicesOn } from '../../helpers/target.ts';
import { after, begin, created, instance, moved, started } from '../../tasks/journal.ts';

const POINT = { kind: 'landed', commit: 'base' } as const;
const ended = (kind: FailureClass): EventDraft => ({
  type: 'run.failed',
  data: { id: '1', failure: { class: kind, message: 'it ended' } },
});

const LOCKED = gitBusy({ reason: '/w/index.lock' });

type Case = { readonly kind?: FailureClass; readonly mode?: string; readonly git?: Record<string, unknown> };

/** Where the task begins after a run that ended so, in a repository that answers so. */
const beginning = async ({ kind = 'crash', mode, git = {} }: Case) => {
  const log: string[] = [];
  const run = started('1', 'c-1');
  const begun = mode === undefined ? run : ({ ...run, data: { ...run.data, mode } } as EventDraft);
  const state = begin(...instance('c-1', 'failed'), created('1'), begun, ended(kind));
  const target = servicesOn({
    git: {
      hasWorktree: async () => true,
      worktreeState: async () => ({ branch: 'feature/1', head: 'head', dirty: ['a.txt'] }),
      saveWork: async () => 'saved',
      underWay: async () => null,
      resolve: async () => 'head',
      joined: async () => ({ kind: 'landed', commit: 'both' }),
      commits: async () => [{ commit: '0123456789abcdef', subject: 'WIP', committed_at: '' }],
      diff: async () => ({ files: [{ path: 'a.bin', insertions: null, deletions: null }], patch: '' }),
      ...git,
    },
    paths: { logs: '/nowhere' },
  });
  const services = {
    ...target,
    ...{ store: { state }, ballast: { giveBackIfFull: async () => false }, settings: settingsSchema.parse({}) },
    log: (line: string) => void log.push(line),
  };
  const found = await startingPointOf(servicesWith(services), state, state.tasks['1']!, POINT);
  return { ...found, log };
};

test('[REC-4] what is begun once more begins with the commits of the run before, work in progress included', async () => {
  const { base, commit, handOver, log } = await beginning({});
  expect([base, commit, log]).toEqual(['base', 'both', ['saved uncommitted work of c-1 as saved on feature/1']]);
  expect(handOver).toEqual({
    instance: 'c-1',
    branch: 'feature/1',
    why: 'crash: it ended',
    commits: ['0123456789 WIP'],
    files: ['a.bin +? -?'],
    lastWords: [],
    joined: true,
  });
});

test('work that conflicts with what has happened since is left on its branch, and named', async () => {
  const joined = async () => ({ kind: 'conflict', files: ['a'], detail: '' });
  expect(await beginning({ git: { joined } })).toMatchObject({ commit: 'base', handOver: { joined: false } });
});

test.each<[string, Case]>([
  ['was found to be bad', { kind: 'check' }],
  ['only read', { mode: 'review' }],
  ['committed nothing', { git: { resolve: async () => 'c0ffee' } }],
  ['has lost its branch', { git: { resolve: async () => null } }],
])('a run that %s is not gone on with', async (_what, wrong) => {
  expect(await beginning(wrong)).toMatchObject({ base: 'base', commit: 'base', handOver: undefined });
});

test.each<[string, Record<string, unknown>, readonly string[]]>([
  ['the worktree is gone', { hasWorktree: async () => false }, []],
  ['another branch is checked out', { worktreeState: async () => ({ branch: 'x', head: 'h', dirty: ['a'] }) }, []],
  ['nothing was left', { saveWork: async () => null }, []],
  [
    'git refuses',
    { saveWork: () => Promise.reject(new Error('locked')) },
    ['uncommitted work of c-1 could not be saved: locked'],
  ],
])('nothing is saved where %s, and the task begins all the same', async (_why, git, log) => {
  expect(await beginning({ git })).toMatchObject({ commit: 'both', log });
});

test('a lock that a killed git left does not keep the work that was not committed from whoever goes on with it', async () => {
  const saveWork = vi.fn(async () => 'saved').mockRejectedValueOnce(LOCKED);
  const unlock = vi.fn(async () => true);
  expect(await beginning({ git: { saveWork, unlock } })).toMatchObject({
    log: [
      'removed a lock that was left behind in the way of c-1',
      'saved uncommitted work of c-1 as saved on feature/1',
    ],
  });
  const held = { saveWork: () => Promise.reject(LOCKED), unlock: async () => false };
  expect(await beginning({ git: held })).toMatchObject({
    log: [`uncommitted work of c-1 could not be saved: ${LOCKED.message}`],
  });
});

/** Gives up an agent that hangs; `meanwhile` happens while its session is being ended. */
const givingUp = async (...meanwhile: readonly EventDraft[]) => {
  const failure = { class: 'hang', message: 'c-1 hangs' } as const;
  const recovery = { ...failure, task: '1', tries: 3, most: 3, unready: false, next: 'move', due: null } as const;
  const planned: EventDraft = { type: 'instance.recovery_planned', data: { instance_id: 'c-1', recovery } };
  let state = begin(...instance('c-1', 'working'), created('1'), started('1', 'c-1'), moved('c-1', 'stuck'), planned);
  const between: boolean[] = [];
  const look = (): void => void between.push(isBetweenSessions(services, 'c-1'));
  const services = servicesWith({
    ...servicesOn({
      paths: { key: 'r', instances: '/i', spool: '/s' },
      git: { hasWorktree: async () => false },
      tmux: {
        list: async () => [],
        kill: async () => {
          look();
          state = after(state, ...meanwhile);
          return [];
        },
      },
    }),
    settings: settingsSchema.parse({}),
    store: {
      get state() {
        return state;
      },
    },
    decide: async (make: (now: State) => readonly EventDraft[]) => {
      look();
      const facts = make(state);
      state = after(state, ...facts);
      return facts;
    },
  });
  await reassignRun(services, { kind: 'hand-over', task: '1', instance: 'c-1' });
  look();
  return { state, between };
};

test('the session of an agent that is given up because it hangs is not missed by those who look for it', async () => {
  const { state, between } = await givingUp();
  expect(between).toEqual([true, true, false]);
  expect(state.instances['c-1']!.state).toMatchObject({ kind: 'failed', evidence: 'hang: given up' });
  expect(state.tasks['1']!.history.at(-1)?.failure ?? state.tasks['1']!.run?.failure).toMatchObject({ class: 'hang' });
});

test('an agent that is started again while it is given up because it hangs keeps its run and its next session', async () => {
  const restart: EventDraft = { type: 'instance.restart_requested', data: { instance_id: 'c-1', fresh: false } };
  const { state, between } = await givingUp(restart);
  expect([state.instances['c-1']!.state.kind, between.at(-1)]).toEqual(['creating', false]);
  expect(state.tasks['1']).toMatchObject({ state: 'running', run: { instance: 'c-1', failure: null } });
});
