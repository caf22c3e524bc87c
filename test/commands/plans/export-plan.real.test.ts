import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { edgesOf, planIn, textOf } from '../../tasks/formats/plans.ts';
import { shell } from '../stage.ts';

const KIRO = { '.kiro/specs/demo/tasks.md': textOf({ file: 'kiro.md' }) };

test('[TSK-11] a plan is written for another tool, and what that has no place for is said beside it', async () => {
  await using swarm = await openSwarm({ files: KIRO });
  await swarm.say('import spec .kiro/specs/demo');
  const { stdout, stderr, exit } = await shell(swarm, ['export', 'plan', 'demo', '--format', 'taskmaster']);
  expect([exit, stderr]).toEqual([0, '']);
  const written = planIn('taskmaster', stdout);
  const read = planIn('kiro', KIRO['.kiro/specs/demo/tasks.md']);
  const pairs = (edges: readonly string[]): string[] => edges.map((edge) => edge.replace(/ \w[\w-]*$/u, '')).toSorted();
  expect(pairs(edgesOf(written))).toEqual(pairs(edgesOf(read)));
  expect([written.plans.map(({ id, title }) => [id, title]), written.done]).toEqual([
    read.plans.map(({ id, title }) => [id, title]),
    read.done,
  ]);
});

test('a file that is there is replaced by force alone, and a new one is written with its folder', async () => {
  await using swarm = await openSwarm({ files: KIRO });
  await swarm.say('import spec .kiro/specs/demo');
  const file = join(swarm.root, 'out', 'issues.jsonl');
  const first = await swarm.say('export plan demo format=beads to=out/issues.jsonl');
  expect([first.exit, first.message]).toEqual([0, expect.stringContaining(`demo as beads in ${file}: 5 tasks.`)]);
  const written = readFileSync(file, 'utf8');
  expect(planIn('beads', written).plans).toHaveLength(5);
  expect(statSync(file).mode & 0o777).toBe(0o644 & ~process.umask());
  expect((await swarm.say('export plan demo format=beads to=out/issues.jsonl')).exit).toBe(0);
  writeFileSync(file, 'mine\n');
  const refused = await swarm.say('export plan demo format=beads to=out/issues.jsonl');
  expect([refused.exit, refused.message]).toEqual([5, expect.stringContaining('is there already')]);
  expect(readFileSync(file, 'utf8')).toBe('mine\n');
  expect((await swarm.say('export plan demo format=beads to=out/issues.jsonl force')).exit).toBe(0);
  expect(readFileSync(file, 'utf8')).toBe(written);
});

test('tasks without a plan are written all together; without any there is nothing to write', async () => {
  await using swarm = await openSwarm();
  expect((await swarm.say('export plan')).exit).toBe(6);
  await swarm.say('create task "Build it"');
  await swarm.say('create task "Test it" deps=t1');
  const { data, text } = await swarm.say('export plan');
  expect(data).toMatchObject({ format: 'kiro', tasks: 2, file: null, text });
  expect(edgesOf(planIn('kiro', text))).toEqual(['2 < 1 said']);
  expect((await swarm.say('export plan nowhere')).exit).toBe(3);
  expect(existsSync(join(swarm.root, 'nowhere'))).toBe(false);
});
