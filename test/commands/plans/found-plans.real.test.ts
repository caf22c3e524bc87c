import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { fixtures, textOf } from '../../tasks/formats/plans.ts';
import { shell } from '../stage.ts';

const found = [
  'kiro.md',
  'spec-kit.md',
  'openspec.md',
  'taskmaster.json',
  'beads.jsonl',
  'headings.md',
  'checklist.md',
].map((file) => fixtures.find((one) => one.file === file)!);
const files = {
  ...Object.fromEntries(found.map((one) => [one.place, textOf(one)])),
  '.beads/interactions.jsonl': '',
  'docs/plan.md': 'No box in it.\n',
  'specs/002-broken/tasks.md': '- [ ] T001 One\n- [ ] T002 Two (depends on T009)\n',
};

test('[TSK-11] import alone says which plans are here, how each is written and what imports it', async () => {
  await using swarm = await openSwarm({ files });
  const { exit, data, message, text } = await swarm.say('import');
  expect(exit).toBe(0);
  const { plans } = data as { plans: { path: string; command: string }[] };
  expect(plans.map(({ path }) => path).toSorted()).toEqual(
    [...found.map(({ place }) => place), 'specs/002-broken/tasks.md'].toSorted(),
  );
  for (const { place, format, ids, done } of found)
    expect(plans).toContainEqual(
      expect.objectContaining({
        path: place,
        format,
        tasks: ids.length,
        done: done.length,
        imported: false,
        problem: null,
        command: `import spec ${place}`,
      }),
    );
  expect(plans).toContainEqual(
    expect.objectContaining({
      path: 'specs/002-broken/tasks.md',
      problem: expect.stringContaining('T009'),
      command: 'lint spec specs/002-broken/tasks.md',
    }),
  );
  expect(message).toContain('8 plans found, 0 imported. For example: import spec .kiro/specs/input/tasks.md');
  expect(text).toContain('Task Master');
  // What is offered is understood as it stands there.
  for (const { command } of plans.filter(({ path }) => !path.includes('broken')))
    expect([command, (await swarm.say(`${command} dry-run`)).exit]).toEqual([command, 0]);
  await swarm.say('import spec .taskmaster/tasks/tasks.json');
  const { stdout, exit: code } = await shell(swarm, ['import']);
  expect([code, stdout]).toEqual([0, expect.stringContaining('imported as taskmaster')]);
  expect(Object.keys((await swarm.state()).specs)).toEqual(['taskmaster']);
});

test('where there is no plan, import says how to name one', async () => {
  await using swarm = await openSwarm();
  expect((await swarm.say('import')).message).toContain('No plan was found here.');
});
