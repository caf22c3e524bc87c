import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { limited, median, rounded } from './figures.mjs';
import { inSandbox } from './sandbox.mjs';

const COMMITS = 40;

// What an agent does to keep its work; the last line of `times` is what the programs took of the processor.
const LOOP = `i=0
while [ "$i" -lt ${COMMITS} ]; do
  echo "$1 $i" >>src/part-1/file-1.txt
  git add src/part-1/file-1.txt
  git commit -q -m "$1 $i"
  i=$((i + 1))
done
times`;

const files = Object.fromEntries(
  Array.from({ length: 2000 }, (_, i) => [`src/part-${i % 50}/file-${i}.txt`, `line of file ${i}\n`.repeat(20)]),
);

/** The environment that an instance was started with, beside what the guard has added to it. */
const environmentsOf = ({ paths, env }) => {
  const script = readFileSync(join(paths.instances, 'rehearsal-1', 'launch.sh'), 'utf8');
  const all = [...script.matchAll(/^export (?<name>\w+)='(?<value>[^']*)'$/gmu)].map(({ groups }) => groups);
  const guarded = { HOME: env.HOME, ...Object.fromEntries(all.map(({ name, value }) => [name, value])) };
  const bare = Object.fromEntries(Object.entries(guarded).filter(([name]) => !/^(?:GIT_TRACE2|DROVER_G)/u.test(name)));
  // The first four pairs are those that every agent had before.
  return { guarded, bare: { ...bare, GIT_CONFIG_COUNT: '4', PATH: env.PATH } };
};

const seconds = (text) => {
  const { minutes, rest } = /^(?<minutes>\d+)m(?<rest>[\d.]+)s$/u.exec(text).groups;
  return Number(minutes) * 60 + Number(rest);
};

const cpuOf = (cwd, env, word) => {
  const told = execFileSync('sh', ['-c', LOOP, 'sh', word], { cwd, env, encoding: 'utf8' });
  return (
    told
      .trim()
      .split('\n')
      .at(-1)
      .split(' ')
      .map(seconds)
      .reduce((sum, one) => sum + one, 0) * 1000
  );
};

/** Adding and committing a file with the guard of refs, against the same without it: time of the processor, in turns. */
export const guard = {
  title: 'git add and git commit of an agent, guarded against unguarded',
  measure: ({ quick }) =>
    inSandbox({ settings: { agent: 'rehearsal' }, files }, async (box) => {
      await box.say('launch 1 instance agent=rehearsal');
      const cwd = join(box.paths.worktrees, 'rehearsal-1');
      const envs = environmentsOf(box);
      const pairs = [];
      for (let i = 0; i < (quick ? 2 : 8); i += 1)
        pairs.push({ bare: cpuOf(cwd, envs.bare, `bare ${i}`), guarded: cpuOf(cwd, envs.guarded, `guarded ${i}`) });
      const each = (name) => rounded(median(pairs.map((pair) => pair[name])) / COMMITS, 1);
      return {
        limits: [limited('guarded against unguarded', median(pairs.map((one) => one.guarded / one.bare)), 1.3, 'x')],
        figures: { bare_ms: each('bare'), guarded_ms: each('guarded') },
      };
    }),
};
