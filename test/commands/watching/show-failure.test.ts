import { expect, test } from 'vitest';
import { listFailure } from '../../../src/commands/watching/list-failure.ts';
import { showFailure } from '../../../src/commands/watching/show-failure.ts';
import { openDesk } from '../../helpers/desk.ts';
import { assigned, created, failed, instance, moved, started } from '../../tasks/journal.ts';

const broken = [
  ...instance('c-1', 'working'),
  created('1'),
  assigned('1', 'c-1'),
  started('1', 'c-1'),
  failed('1'),
  moved('c-1', 'lost'),
];

test('a failure is shown with where its work is and what tries it again', async () => {
  const desk = openDesk([showFailure, listFailure], broken);
  const [run, lost] = (await desk.say('list failures')).data as { id: string }[];
  const { message, data, text } = await desk.say(`show failure ${run!.id}`);
  expect(message).toBe(`${run!.id}: 1 check: it failed`);
  expect(data).toMatchObject({ title: 'Title of 1', branch: 'feature/1', next: 'retry task 1' });
  expect(text).toMatch(/^state: +open\nnext: +retry task 1$/m);
  expect((await desk.say(`show failure ${lost!.id}`)).data).toMatchObject({ next: 'restart instance c-1' });
});

test('a failure that is not there is an error', async () => {
  expect(await openDesk(showFailure, broken).say('show failure f-999')).toMatchObject({
    exit: 3,
    data: { code: 'target/not-found' },
  });
});
