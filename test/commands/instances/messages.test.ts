import { expect, test } from 'vitest';
import { tellGroup } from '../../../src/commands/instances/tell-group.ts';
import { tellInstance } from '../../../src/commands/instances/tell-instance.ts';
import { asksMeanwhile } from '../../../src/daemon/errors.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { forecast } from '../../../src/tui/prompt/prompt-forecast.ts';
import { language } from '../../fixtures/signatures.ts';
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

test('[AGT-6] an agent that was paused with a question is told nothing: it would be the answer when it goes on', async () => {
  const typed: string[] = [];
  const desk = openDesk(
    [tellInstance, tellGroup],
    [
      ...listening('r-1', 'r-2'),
      { type: 'group.created', data: { group_id: 'g', description: '' } },
      ...['r-1', 'r-2'].map(
        (instance_id): EventDraft => ({ type: 'instance.grouped', data: { instance_id, group: 'g' } }),
      ),
      { type: 'instance.moved', data: { instance_id: 'r-1', state: 'waiting', source: 'screen', question: 'Delete?' } },
      { type: 'instance.paused', data: { instance_id: 'r-1', evidence: 'frozen' } },
    ],
    { typeLine: async ({ instance_id: id }) => void typed.push(id) },
  );
  const refused = {
    exit: 6,
    message: 'r-1 is paused; what is typed now would be its answer when it goes on.',
    hint: 'First say: resume instance r-1. Then answer it.',
  };
  for (const line of ['tell r-1 "y"', 'tell r-1, r-2 "y"', 'tell group g "y"', 'tell all "y"'])
    expect(await desk.say(line)).toMatchObject(refused);
  expect(typed).toEqual([]);
  const { state } = desk;
  const hint = forecast('tell r-1 "y"', { state, settings: settingsSchema.parse({}), reader: undefined }, language);
  expect(hint).toMatchObject({ kind: 'error', message: expect.stringContaining('would be its answer') });
});
