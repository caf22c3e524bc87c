import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sandboxOf } from '../../../src/lib/paths.ts';
import type { AppEvent, State } from '../../../src/state/index.ts';
import type { testRepository } from '../../helpers/swarm.ts';

type Repository = ReturnType<typeof testRepository>;

export const linesOf = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '');

/** Facts that are recorded once of each thing, that of a run once for each attempt, and what says which one it is. */
const ONCE: { readonly [type in AppEvent['type']]?: readonly string[] } = {
  'run.started': ['id'],
  'instance.created': ['instance_id'],
  'instance.removed': ['instance_id'],
  'batch.started': ['id'],
  'batch.merged': ['id', 'task'],
  'batch.set_aside': ['id', 'task'],
  'batch.sent_back': ['id', 'task', 'round'],
  'batch.finished': ['id'],
  'batch.delivered': ['id'],
  'batch.rolled_back': ['id'],
};

/** What is there more often than so many times. */
const oftenIn = (names: readonly string[], times = 1): readonly string[] => {
  const counts = new Map<string, number>();
  for (const one of names) counts.set(one, (counts.get(one) ?? 0) + 1);
  return [...counts].flatMap(([one, count]) => (count > times ? [one] : []));
};

/** Events whose numbers do not follow each other, and facts that were recorded of one thing more than once. */
const recordedTwice = ({ paths }: Repository, attempts: number): readonly string[] => {
  const files = readdirSync(paths.journal).filter((name) => name.endsWith('.jsonl'));
  const lines = files.toSorted().flatMap((name) => linesOf(readFileSync(join(paths.journal, name), 'utf8')));
  const events = lines.flatMap((line) => (line.startsWith('#') ? [] : [JSON.parse(line.slice(line.indexOf('{')))]));
  const all = events as readonly { readonly type: AppEvent['type']; readonly seq: number; readonly data: object }[];
  const gaps = all.filter(({ seq }, at) => at > 0 && seq !== all[at - 1]!.seq + 1);
  const names = all.flatMap(({ type, data }) => {
    const keys = ONCE[type]?.map((key) => (data as Readonly<Record<string, unknown>>)[key]);
    return keys ? [`${type} ${keys.filter((key) => key !== undefined).join(' ')}`] : [];
  });
  return [
    ...gaps.map(({ seq }) => `there is no event before ${seq}`),
    ...oftenIn(names.filter((one) => !one.startsWith('run.'))).map((name) => `recorded twice: ${name}`),
    ...oftenIn(
      names.filter((one) => one.startsWith('run.')),
      attempts,
    ).map((name) => `recorded too often: ${name}`),
  ];
};

/** What agents have committed, by its subjects. */
const WORK = /^(?:Task |\w+-\d+$)/u;

/** Work that is on a branch more often than it was done. */
const doubled = ({ git }: Repository, attempts: number): readonly string[] =>
  linesOf(git('for-each-ref', '--format=%(refname:short)', 'refs/heads')).flatMap((branch) => {
    const subjects = linesOf(git('log', '--format=%s', branch)).filter((subject) => WORK.test(subject));
    return oftenIn(subjects, attempts).map((subject) => `${branch} has more than once: ${subject}`);
  });

/** What was kept of a sandbox although a branch has it, and what was kept under two names. */
const keptTwice = ({ git }: Repository): readonly string[] => {
  const kept = linesOf(git('for-each-ref', '--format=%(objectname) %(refname)', 'refs/drover/archive'))
    .map((line) => line.split(' '))
    .filter(([, ref]) => ref!.includes('-inside-'));
  return [
    ...kept
      .filter(([commit]) => git('for-each-ref', `--contains=${commit}`, 'refs/heads') !== '')
      .map(([, ref]) => `kept, and on a branch: ${ref}`),
    ...oftenIn(kept.map(([commit]) => commit!)).map((commit) => `kept twice: ${commit}`),
  ];
};

const refOf = (folder: string, ref: string, { git }: Repository): string => {
  try {
    return git(`--git-dir=${folder}`, 'rev-parse', '--verify', ref);
  } catch {
    return 'nowhere';
  }
};

/** Where the git directory of a sandbox and the repository's own of the worktree do not say the same. */
const harvestHalves = (repository: Repository, { instances }: State): readonly string[] =>
  Object.values(instances).flatMap((one) => {
    const { instance_id: id, branch_name: branch } = one;
    const note = join(repository.root, '.git/worktrees', id, 'drover-private');
    if (one.sandbox === undefined || !existsSync(note)) return [];
    const { folder, taking } = JSON.parse(readFileSync(note, 'utf8')) as { folder: string; taking?: object };
    const own = join('worktrees', id);
    const here = join(repository.root, '.git');
    const sides = [
      ['HEAD', join(folder, own), join(here, own)],
      [`refs/heads/${branch}`, folder, here],
    ].map(([ref = '', ...both]) => [ref, ...both.map((place) => refOf(place, ref, repository))]);
    return [
      ...(folder === sandboxOf(repository.paths, id).git ? [] : [`${id} has its git in ${folder}`]),
      ...(taking ? [`the harvest of ${id} did not come to its end`] : []),
      ...sides.flatMap(([name, inside, outside]) =>
        inside === outside ? [] : [`${name} of ${id} is at ${inside} inside and at ${outside} outside`],
      ),
    ];
  });

/** What was lost between the sides of a sandbox, and whatever was done or recorded more than once. */
export const notOnceIn = (repository: Repository, state: State, attempts: number): readonly string[] => [
  ...recordedTwice(repository, attempts),
  ...doubled(repository, attempts),
  ...keptTwice(repository),
  ...harvestHalves(repository, state),
];
