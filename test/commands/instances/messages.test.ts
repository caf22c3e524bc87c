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
