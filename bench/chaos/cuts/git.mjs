import { spawnSync } from 'node:child_process';

const ID = /\b[0-9a-f]{40}\b/gu;
const OBJECT = /objects\/(?<folder>[0-9a-f]{2})\/(?<rest>[0-9a-f]{38})/gu;

const gitIn =
  ({ root, env }) =>
  (args, input) => {
    const options = { cwd: root, env: { ...env, GIT_OPTIONAL_LOCKS: '0' }, input, maxBuffer: 1 << 28 };
    const { status, stdout, stderr } = spawnSync('git', args, { ...options, encoding: 'utf8' });
    return { ok: status === 0, stdout, stderr };
  };

const objectsIn = (line) => [
  ...(line.match(ID) ?? []),
  ...[...line.matchAll(OBJECT)].map(({ groups }) => groups.folder + groups.rest),
];

/** What git finds harmed in a repository: lines as it says them, and the objects that they name. */
export const harmIn = (box) => {
  const { stdout, stderr } = gitIn(box)(['fsck', '--no-dangling', '--no-progress']);
  const lines = `${stdout}${stderr}`.split('\n').filter((line) => line !== '' && !/^(?:notice|Checking)/u.test(line));
  return { lines, objects: new Set(lines.flatMap(objectsIn)) };
};

/** The questions about commits that must be there. */
export const commitsIn = (box) => {
  const git = gitIn(box);
  return {
    /** Whether a ref stands at a commit or has gone on from it. */
    leadsTo: (ref, commit) => git(['merge-base', '--is-ancestor', commit, ref]).ok,
    /** What is wrong with all that belongs to these commits; undefined where nothing is. */
    trouble: (commits, harmed) => {
      if (commits.length === 0) return undefined;
      const { ok, stdout, stderr } = git(['rev-list', '--objects', '--stdin'], `${commits.join('\n')}\n`);
      if (!ok) return stderr.trim().split('\n').at(-1);
      const lost = stdout.split('\n').find((line) => harmed.has(line.slice(0, 40)));
      return lost && `${lost} is harmed`;
    },
  };
};
