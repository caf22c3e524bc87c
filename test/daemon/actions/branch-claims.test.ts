import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { settleClaims } from '../../../src/daemon/actions/branch-claims.ts';
import { sweepDrafts } from '../../../src/daemon/actions/sweep-drafts.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { servicesWith } from '../../helpers/services.ts';
import { servicesOn } from '../../helpers/target.ts';
import { begin, created, instance, started } from '../../tasks/journal.ts';

type Case = { readonly claimed: string; readonly at?: string; readonly owner?: string; readonly git?: object };

/** What is done about a branch that was claimed, in a swarm where c-1 is at t1; `at`: the worktree that has it. */
const settling = async ({ claimed, at, owner, git = {} }: Case) => {
  const state = begin(...instance('c-1'), created('t1'), started('t1', 'c-1'));
  const one = state.instances['c-1']!;
  const did: string[] = [];
  const log: string[] = [];
  const noted = (what: string, answer?: unknown) => async (first: unknown, second?: unknown) => {
    did.push([what, first, second].filter((word) => typeof word === 'string').join(' '));
    return answer;
  };
  const edges = servicesOn({
    git: {
      claims: async () => [{ branch: claimed, commit: 'c0ffee', owner: 'task t1' }],
      dropClaim: noted('drop'),
      unmakeBranch: async ({ branch }: { branch: string }) => noted('unmake', true)(branch),
      worktrees: async () => (at === undefined ? [] : [{ path: at, branch: claimed }]),
      place: async (path: string) => path,
      resolve: async () => 'head',
      switchTo: noted('switch'),
      addWorktree: noted('detach'),
      ...git,
    },
  });
  const services = servicesWith({ ...edges, store: { state }, log: (line: string) => void log.push(line) });
  await settleClaims(services, services.home, owner);
  return { did, log, path: one.workspace_path, branch: one.branch_name };
};

test('[STO-7] a branch that is recorded stays, and one that is claimed for something else is left alone', async () => {
  expect((await settling({ claimed: 'feature/t1' })).did).toEqual(['drop feature/t1']);
  expect((await settling({ claimed: 'feature/t1-2', owner: 'task t2' })).did).toEqual([]);
});

test('[STO-7] a branch that nothing recorded has is taken back, and its worktree goes back to the one that is recorded', async () => {
  const { did, log } = await settling({ claimed: 'feature/t1-2' });
  expect([did, log]).toEqual([['unmake feature/t1-2'], ['took back the branch feature/t1-2, made for task t1']]);
  const { path, branch } = await settling({ claimed: 'x' });
  expect((await settling({ claimed: 'x', at: path })).did).toEqual([`switch ${path} ${branch}`, 'unmake x']);
  const gone = { resolve: async () => null };
  expect((await settling({ claimed: 'x', at: path, git: gone })).did).toEqual([`detach ${path}`, 'unmake x']);
});

test('a worktree of the person’s own is not touched, and what cannot be taken back is told of', async () => {
  const unmakeBranch = async () => {
    throw new Error('it is checked out');
  };
  const { did, log } = await settling({ claimed: 'x', at: '/elsewhere', git: { unmakeBranch } });
  expect([did, log]).toEqual([['drop x'], ['the branch x, made for task t1, stays: it is checked out']]);
});

test('[STO-7] texts that a killed daemon was writing are removed, and nothing else', async () => {
  using folder = temporaryFolder();
  const at = (path: string) => join(folder.path, path);
  const [drafts, others] = [
    [
      ...['instances/c-1/token.0123abcd.new', 'guard/refs.json.0123abcd.new', 'drover/claims/a.json.0123abcd.new'],
      ...[
        'instances/integration/gates/b-1/1-tests.log.0123abcd.new',
        'instances/integration/memory/a.json.0123abcd.new',
      ],
      ...['guard/lost/r-1.json.0123abcd.new', 'bin/drover.0123abcd.new'],
    ],
    ['instances/c-1/token', 'instances/c-1/mine.new', 'guard/refs.json'],
  ];
  for (const path of [...drafts!, ...others!]) {
    mkdirSync(join(at(path), '..'), { recursive: true });
    writeFileSync(at(path), 'x');
  }
  const places = { instances: at('instances'), guard: at('guard'), bin: at('bin'), commonDir: folder.path };
  const { home } = servicesOn({ paths: places });
  await sweepDrafts(home);
  expect([drafts!.filter((path) => existsSync(at(path))), others!.filter((path) => existsSync(at(path)))]).toEqual([
    [],
    others,
  ]);
});
