import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { State } from '../../../src/state/index.ts';
import { personsFiles } from '../../kiro/program.ts';
import { openKiroSwarm } from './kiro-place.ts';

const COMMIT = '%%bash git add -A && git commit -qm made';

const marks = (state: State): readonly string[] =>
  state.instances['kiro-1']!.transitions.map(({ kind, source }) => `${kind} ${source}`);

/** What the person's files of Kiro hold now, by path; sessions are written by the program itself. */
const personsNow = (home: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(join(home, '.kiro'), { recursive: true, withFileTypes: true })
      .filter((one) => one.isFile() && !one.parentPath.includes('sessions'))
      .map((one) => join(one.parentPath, one.name))
      .map((path) => [path.slice(home.length + 1), readFileSync(path, 'utf8')]),
  );

test('[AGT-11] idle, working, waiting and done of Kiro are told by itself, and the files of its person are as they were', async () => {
  await using place = await openKiroSwarm();
  const { swarm, home, own } = place;
  const before = personsNow(home);
  await place.begin(`%%write made.txt hi %%bash git branch other ${COMMIT} %%say all done`);
  const asked = await place.instanceIs('waiting');
  expect(asked.instances['kiro-1']!.requests).toEqual([
    expect.objectContaining({ tool: 'Bash', subject: 'git branch other', whole: true, helper: null }),
  ]);
  expect(readdirSync(join(own, 'derived')).toSorted()).toEqual(['drover-kiro.json', 'mine.json', 'other.json']);
  expect(statSync(join(own, 'record/frames.jsonl')).mode & 0o777).toBe(0o600);
  expect(await swarm.say('approve kiro-1')).toMatchObject({ exit: 0, data: [{ confirmed: true }] });
  const done = await place.until(({ tasks }) => tasks['t1']?.state === 'done');
  expect(marks(done)).toEqual([
    ...['creating command', 'starting terminal', 'idle hook', 'working drover', 'working hook', 'waiting hook'],
    ...['working hook', 'verifying hook', 'idle drover'],
  ]);
  expect(done.tasks['t1']!.history.at(-1)?.summary ?? done.tasks['t1']!.run?.summary).toBe('all done');
  // The hook of the person ran as well, once a turn.
  expect(readFileSync(join(home, 'own-hook.jsonl'), 'utf8').match(/"stop"/gu)).toHaveLength(1);
  await swarm.say('remove instance kiro-1');
  await place.until(({ instances }) => instances['kiro-1'] === undefined);
  expect(personsNow(home)).toEqual(before);
  expect(Object.keys(before).toSorted()).toEqual(Object.keys(personsFiles()).toSorted());
  expect([existsSync(join(own, 'derived')), existsSync(join(own, 'record'))]).toEqual([false, false]);
});
