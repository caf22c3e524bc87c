import { expect, test } from 'vitest';
import { resumeGroup } from '../../../src/commands/instances/resume-group.ts';
import type { State } from '../../../src/state/index.ts';
import { openDesk } from '../../helpers/desk.ts';
import { instance, moved } from '../../tasks/journal.ts';

const backend = [
  { type: 'group.created', data: { group_id: 'backend', description: 'server side' } },
  ...instance('c-1'),
  ...instance('c-2'),
  { type: 'instance.grouped', data: { instance_id: 'c-1', group: 'backend' } },
] as const;

/** The daemon lets those go on whom it is asked to let go on. */
const thawing = ({ instances }: State) =>
  Object.values(instances)
    .filter((one) => one.hold === 'resuming')
    .map(({ instance_id }) => ({ type: 'instance.resumed', data: { instance_id, evidence: 'goes on' } }) as const);

test('the frozen agents of a group go on', async () => {
  const desk = openDesk(resumeGroup, backend, { reacting: thawing });
  desk.add(
    { type: 'instance.pause_requested', data: { instance_id: 'c-1' } },
    { type: 'instance.paused', data: { instance_id: 'c-1', evidence: 'frozen' } },
  );
  expect(await desk.say('resume group backend')).toMatchObject({ exit: 0, message: '1 instance goes on: c-1.' });
  expect(desk.state.instances['c-1']!).toMatchObject({ hold: null, state: { kind: 'idle' } });
  expect((await desk.say('resume group backend')).message).toBe('Not paused: c-1.');
});

test('a group that is not there, and one in which nobody can go on, are errors', async () => {
  const desk = openDesk(resumeGroup, backend, { reacting: thawing });
  expect((await desk.say('resume group web')).exit).toBe(3);
  desk.add(moved('c-1', 'stopped'));
  expect(await desk.say('resume group backend')).toMatchObject({ exit: 6, message: 'No instance that is meant runs.' });
});
