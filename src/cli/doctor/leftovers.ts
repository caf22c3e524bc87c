import { stat } from 'node:fs/promises';
import type { LostForwarder } from '../../ports/target.ts';
import { saidId } from '../../protocol/say.ts';
import { gitRunner } from '../../git/run.ts';
import type { Paths } from '../../lib/paths.ts';
import { linesOf, shownLine } from '../../lib/text.ts';
import { settingsSchema } from '../../state/settings.ts';
import type { Examination, Probe } from './examination.ts';
import { displacedFindings } from './displaced.ts';
import { type Leftovers, leftoversOf, worktreeFolders } from './find-leftovers.ts';
import { findForwarders, judgeForwarders } from './forwarders.ts';
import { findKept, judgeKept, type KeptFolder } from './kept-repositories.ts';
import { commandLine, type Finding, note, ok, warning } from './finding.ts';
import { findRestores, judgeRestores, type Restores } from './restores.ts';
import { readState } from './state.ts';
import { swarmServer } from './swarm-server.ts';

/** A worktree that git knows and whose folder is gone. */
type GoneWorktree = { readonly path: string; readonly ours: boolean; readonly locked: boolean };

type LeftoverFacts = Leftovers & {
  readonly paths: Pick<Paths, 'root' | 'worktrees'>;
  readonly gone: readonly GoneWorktree[];
  readonly kept: readonly KeptFolder[];
  readonly restores: Restores;
  readonly forwarders: readonly LostForwarder[];
  readonly now: number;
};

const judgeSessions = ({ sessions }: LeftoverFacts): Finding[] =>
  sessions.map(({ session, mark, attached }) => {
    const seen = attached > 0 ? ', and somebody looks at it' : '';
    const cause = `${shownLine(session)} is marked as an agent of this repository, and no record knows it${seen}`;
    // tmux itself would end with it what a person runs there.
    const repair = commandLine('drover', 'sessions', 'clean', session);
    const found = warning('leftover.session', 'session', cause, repair);
    return attached > 0 ? found : { ...found, fix: { kind: 'end-session', mark } };
  });

const judgeGone = ({ gone, paths: { root } }: LeftoverFacts): Finding[] => {
  const found = gone
    .filter(({ ours }) => ours)
    .map(({ path, locked }): Finding => {
      const force = locked ? ['--force', '--force'] : ['--force'];
      const repair = commandLine('git', '-C', root, 'worktree', 'remove', ...force, path);
      const one = warning(
        'leftover.worktree-record',
        'worktree',
        `the folder ${path} is gone and git waits for it`,
        repair,
      );
      return locked ? one : { ...one, fix: { kind: 'forget-worktree', path } };
    });
  const others = gone.filter(({ ours, locked }) => !ours && !locked);
  if (others.length === 0) return found;
  const cause = `${others.map(({ path }) => path).join(', ')}: gone, and git waits for it`;
  const repair = commandLine('git', '-C', root, 'worktree', 'prune');
  return [...found, note('leftover.own-worktree-record', 'your worktrees', cause, repair)];
};

/** What is to be said about what lies about. */
export const judgeLeftovers = (facts: LeftoverFacts): readonly Finding[] => {
  const { lost, folders, branches, paths } = facts;
  const git = (...words: readonly string[]) => commandLine('git', '-C', paths.root, ...words);
  const found = [
    ...judgeSessions(facts),
    ...judgeForwarders(facts.forwarders),
    ...lost.map((id) =>
      note(
        'leftover.lost-instance',
        'instance',
        `${id} should run and has no session`,
        `drover instances restart ${saidId(id)}`,
      ),
    ),
    ...folders.map((name) => {
      const path = `${paths.worktrees}/${name}`;
      return warning(
        'leftover.worktree',
        'worktree',
        `${path} belongs to no instance`,
        git('worktree', 'remove', path),
      );
    }),
    ...judgeGone(facts),
    ...judgeKept(facts),
    ...judgeRestores(facts.restores),
    ...branches.map((name) =>
      note('leftover.branch', 'branch', `${name} belongs to no instance`, git('branch', '-d', name)),
    ),
  ];
  return found.length === 0 ? [ok('leftover.none', 'leftovers', 'none')] : found;
};

/** Records of `git worktree list --porcelain -z` whose folder is not there. */
const goneIn = async (text: string, worktrees: string): Promise<readonly GoneWorktree[]> => {
  const records = text
    .split('\0\0')
    .map((record) => record.split('\0'))
    .flatMap((lines) => {
      const path = lines.find((line) => line.startsWith('worktree '))?.slice('worktree '.length);
      const locked = lines.some((line) => /^locked(?: |$)/u.test(line));
      return path === undefined ? [] : [{ path, locked, ours: path.startsWith(`${worktrees}/`) }];
    });
  const there = await Promise.all(records.map(({ path }) => stat(path).catch(() => null)));
  return records.filter((_record, i) => there[i] === null);
};

const readGit = async (examination: Examination, place: Paths) => {
  const quick = { accept: 'any', timeoutMs: examination.patience } as const;
  const run = gitRunner({ processes: examination.processes, env: examination.env, root: place.root });
  const [worktrees, branches] = await Promise.all([
    run(['worktree', 'list', '--porcelain', '-z'], quick),
    run(['for-each-ref', '--format=%(refname:lstrip=2)', 'refs/heads/drover/'], quick),
  ]);
  return {
    gone: await goneIn(worktrees.stdout, place.worktrees),
    branches: linesOf(branches.stdout),
  };
};

/** Sessions, worktrees and branches of this repository's swarm that nothing accounts for. */
export const probeLeftovers: Probe = async (examination) => {
  const { place, env, processes, now } = examination;
  if (!place) return [];
  const settings = examination.settings ?? settingsSchema.parse({});
  // In this order: whatever has a session by now has had its record before it.
  const [panes, folders, seen] = await Promise.all([
    swarmServer({ processes, env, settings })
      .list(`${place.key}/`)
      .catch(() => null),
    worktreeFolders(place),
    readGit(examination, place).catch(() => ({ gone: [], branches: [] })),
  ]);
  const { state } = await readState(place, now);
  // All of it is somewhere else: nothing that is missing here is lost, and nothing that is there is left over.
  if ((await displacedFindings(place, state)).length > 0) return [];
  const [restores, forwarders] = await Promise.all([findRestores(place), findForwarders(place)]);
  // Without knowledge of what there should be, nothing is left over.
  const unknown = note('leftover.unknown', 'leftovers', 'not looked for: what should be there is not known');
  if (!state) return [...judgeRestores(restores), ...judgeForwarders(forwarders), unknown];
  const { integration } = settings.branches;
  return judgeLeftovers({
    ...leftoversOf({ key: place.key, state, panes, folders, branches: seen.branches, integration }),
    ...{ paths: place, gone: seen.gone, restores, forwarders },
    ...{ kept: await findKept(examination, place, state), now },
  });
};
