import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { Alert } from '../../../src/state/alerts.ts';
import { taskIs } from '../../commands/stage.ts';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';

const PLAN = '# Plan\n\n- [x] 1. Begin\n- [ ] 2. Go on\n- [ ] 3. End\n';
const FILE = 'plans/demo/tasks.md';

const PATIENCE = { timeout: 30_000, interval: 50 };

const alertIs = (swarm: Swarm, holds: (alert: Alert | undefined) => boolean): Promise<Alert | undefined> =>
  vi.waitFor(async () => {
    const alert = (await swarm.state()).alerts['plan:demo'];
    expect(holds(alert)).toBe(true);
    return alert;
  }, PATIENCE);

const alertSays = (swarm: Swarm, what: string) => alertIs(swarm, (alert) => alert?.text.includes(what) ?? false);

const withPlan = async (): Promise<Swarm> => {
  const swarm = await openSwarm({ files: { [FILE]: PLAN } });
  await swarm.say('import spec plans/demo');
  return swarm;
};

test('[TSK-10] a plan that a person edits is offered again in words, and nothing is taken over by itself', async () => {
  await using swarm = await withPlan();
  const path = join(swarm.root, FILE);
  writeFileSync(
    path,
    PLAN.replace('[ ] 2. Go on', '[x] 2. Go on').replace('3. End', '3. Finish').concat('- [ ] 4. New\n'),
  );
  const alert = await alertSays(swarm, '1 task new, 1 retitled, 1 ticked by hand');
  expect(alert?.suggestion).toBe(`import spec ${path}`);
  const before = await swarm.state();
  expect([before.tasks['4'], before.tasks['2']!.state]).toEqual([undefined, 'open']);
  const { text: shown } = await swarm.say('show spec demo');
  expect(shown).toContain('changed:   1 task new, 1 retitled, 1 ticked by hand');
  expect(shown).toMatch(/\nSuggested: import spec \S+$/u);
  expect((await swarm.say(`preview import spec ${path}`)).exit).toBe(0);
  await swarm.say(alert!.suggestion!);
  const { tasks, alerts } = await swarm.state();
  expect(alerts).toEqual({});
  expect([tasks['4']!.state, tasks['2']!.state, tasks['3']!.title]).toEqual(['open', 'done', 'Finish']);
});

test('[TSK-10] an editor that renames its file into place is noticed, and so is a folder that was made anew', async () => {
  await using swarm = await withPlan();
  const path = join(swarm.root, FILE);
  writeFileSync(`${path}.new`, `${PLAN}- [ ] 4. Renamed into place\n`);
  renameSync(`${path}.new`, path);
  await alertSays(swarm, '1 task new');
  writeFileSync(path, PLAN);
  await alertIs(swarm, (alert) => alert === undefined);
  rmSync(join(swarm.root, 'plans'), { recursive: true });
  mkdirSync(join(swarm.root, 'plans/demo'), { recursive: true });
  writeFileSync(path, PLAN.replace('- [ ] 3. End\n', ''));
  await alertSays(swarm, '1 task removed');
});

test('[TSK-10] what git checks out is noticed, also when it happened while no daemon ran', async () => {
  await using swarm = await withPlan();
  swarm.git('checkout', '-q', '-b', 'other');
  writeFileSync(join(swarm.root, FILE), PLAN.replace('2. Go on', '2. Go another way'));
  swarm.git('commit', '-qam', 'another plan');
  await alertSays(swarm, '1 task retitled');
  swarm.git('checkout', '-q', 'main');
  await alertIs(swarm, (alert) => alert === undefined);
  await swarm.close();
  swarm.git('checkout', '-q', 'other');
  await swarm.reopen();
  await alertSays(swarm, '1 task retitled');
});

test('[TSK-10] boxes that Drover ticked raise nothing, and what ran stays when it is taken out of the file', async () => {
  await using swarm = await withPlan();
  await swarm.say('run task 2');
  await taskIs(swarm, '2', 'done');
  await swarm.say('merge completed branches');
  swarm.git('merge', '-q', 'drover/integration');
  expect((await swarm.say('show spec demo')).data).toMatchObject({ file_state: { kind: 'same' } });
  writeFileSync(join(swarm.root, FILE), '# Plan\n\n- [ ] 5. Only this\n');
  const alert = await alertSays(swarm, '1 task new, 1 removed, 2 no longer in it, but begun');
  await swarm.say(alert!.suggestion!);
  expect(Object.keys((await swarm.state()).tasks)).toEqual(['1', '2', '5']);
});

test('what a person changes at a task is no change of the file', async () => {
  await using swarm = await withPlan();
  await swarm.say('set task 3 title="By hand" deps=2');
  expect((await swarm.say('show spec demo')).data).toMatchObject({ file_state: { kind: 'same' } });
});

test('a file that is no plan any more is said, with the command that shows why', async () => {
  await using swarm = await withPlan();
  writeFileSync(join(swarm.root, FILE), 'Nothing here.\n');
  const alert = await alertSays(swarm, 'cannot be read as a plan any more');
  expect(alert?.suggestion).toBe('lint spec demo');
});

test('[TSK-10] a plan whose file is gone or holds no task any more is told, with what helps, until it is back', async () => {
  await using swarm = await withPlan();
  const path = join(swarm.root, FILE);
  rmSync(path);
  const alert = await alertSays(swarm, 'is not there any more');
  expect(alert?.suggestion).toBe('import spec');
  expect((await swarm.say(alert!.suggestion!)).exit).toBe(0);
  writeFileSync(path, '# Nothing\n');
  const empty = await alertSays(swarm, 'has no tasks. Nothing of it');
  expect(empty?.text).not.toContain('..');
  writeFileSync(path, PLAN);
  await alertIs(swarm, (one) => one === undefined);
});
