import { expect, test } from 'vitest';
import { listSpec } from '../../../src/commands/plans/list-spec.ts';
import { openDesk } from '../../helpers/desk.ts';
import { created, imported } from '../../tasks/journal.ts';

const plan = [imported('demo', ['1', '2']), created('1', { spec: 'demo' }, true), created('2', { spec: 'demo' })];

test('specs are listed with how far each is', async () => {
  const { message, data, text } = await openDesk(listSpec, plan).say('list specs');
  expect(message).toBe('1 spec');
  expect(data).toMatchObject([{ name: 'demo', tasks: ['1', '2'], progress: { total: 2, done: 1, percent: 50 } }]);
  expect(text).toMatch(/^demo +1\/2 +50%.* siblings +yes +\/repo\/spec$/m);
});

test('without a spec the list says how to get one, and a state is no word for it', async () => {
  expect((await openDesk(listSpec).say('list specs')).text).toBe('No spec. Import one: import spec PATH');
  expect((await openDesk(listSpec, plan).say('list failed specs')).exit).toBe(2);
});
