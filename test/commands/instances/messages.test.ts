import { expect, test } from 'vitest';
import { tellInstance } from '../../../src/commands/instances/tell-instance.ts';
import { asksMeanwhile } from '../../../src/daemon/errors.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { openDesk } from '../../helpers/desk.ts';
import { instance, moved } from '../../tasks/journal.ts';

/** Instances with a terminal that somebody can be told something in. */
const listening = (...ids: readonly string[]): EventDraft[] =>
  ids.flatMap((id) => [
    ...instance(id, 'creating'),
    { type: 'instance.started', data: { instance_id: id, session: id, pane: '%1', pid: 1 } },
    moved(id, 'idle'),
  ]);

test('[AGT-6] who of several cannot be told something is named, with who was, and how the others are told alone', async () => {
  const heard: string[] = [];
  const asking = new Set(['r-2']);
  const desk = openDesk(tellInstance, listening('r-1', 'r-2', 'r-3'), {
    typeLine: async ({ instance_id: id }) => {
      if (asking.has(id)) throw asksMeanwhile({ id });
      heard.push(id);
    },
  });
  expect(await desk.say('tell r-1, r-2, r-3 "lunch"')).toMatchObject({
    exit: 124,
    message: 'Told r-1, r-3. r-2 asks something by now, and what is typed would be its answer.',
    hint: 'To tell those who were not: tell r-2 "…"',
    data: { delivered: ['r-1', 'r-3'] },
  });
  expect(heard).toEqual(['r-1', 'r-3']);
  for (const id of ['r-1', 'r-3']) asking.add(id);
  expect(await desk.say('tell r-1, r-2, r-3 "lunch"')).toMatchObject({ exit: 6, data: { code: 'daemon/asks' } });
});

test('[AGT-6] a message that is said again after the death of its daemon is typed to those who have not heard it', async () => {
  const typed: unknown[] = [];
  const asks = { state: 'waiting', source: 'hook', question: 'Go?' } as const;
  const places = { 'r-1': '%1', 'r-2': '%1', 'r-3': '%9', 'r-4': '%1', 'r-9': '%1' };
  const desk = openDesk(
    tellInstance,
    [
      ...listening('r-1', 'r-2', 'r-3', 'r-4', 'r-5'),
      ...['r-1', 'r-4'].map((instance_id) => ({ type: 'instance.moved', data: { instance_id, ...asks } }) as const),
    ],
    {
      typeLine: async ({ instance_id: id }, _line, isAgain) => void typed.push([id, isAgain]),
      hasHeard: async ({ instance_id: id }) => id === 'r-1',
      earlier: [
        { type: 'command.begun', data: { places }, seq: 99, at: '2026-01-01T00:00:00.000Z', actor: 'cli', corr: 'c-1' },
      ],
    },
  );
  const unknown = (id: string): string =>
    `Whether ${id} was told is not known: the daemon ended in the middle of that.`;
  expect(await desk.say('tell all "lunch"')).toMatchObject({
    exit: 124,
    message: `Told r-1, r-2. ${unknown('r-3')} r-4 is waiting; what is typed now would be its answer. ${unknown('r-9')}`,
    hint: 'To tell those who were not: tell r-4 "…"',
    data: { delivered: ['r-1', 'r-2'] },
  });
  expect(typed).toEqual([['r-2', true]]);
});
