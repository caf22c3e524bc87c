import { z } from 'zod';
import { plural } from '../../text/wording.ts';

const ids = z.array(z.string());
const moved = z.array(z.object({ id: z.string(), number: z.string() }));

/** How a file differs from the plan that was read from it. */
export const planChangesSchema = z.object({
  created: ids.describe('New in the file'),
  fresh: moved.describe(
    'New in the file at a number that is the id of another task, so that they have ids of their own',
  ),
  removed: ids.describe('No longer in the file, and never begun: they go'),
  gone: ids.describe('No longer in the file, and kept: they have begun, or something that stays waits for them'),
  ticked: ids.describe('Ticked in the file before they were begun: they count as done'),
  unticked: ids.describe('Done by their ticks alone, which the file has no longer: they are open again'),
  still_done: ids.describe('No longer ticked in the file, and still done: their work was verified'),
  renumbered: moved.describe('At another number in the file: id, state and work stay theirs'),
  retitled: ids,
  reordered: ids.describe('They wait for something else'),
  changed: ids.describe('Something else is said of them'),
});
export type PlanChanges = z.infer<typeof planChangesSchema>;

export const noChanges = (): PlanChanges => ({
  created: [],
  fresh: [],
  removed: [],
  gone: [],
  ticked: [],
  unticked: [],
  still_done: [],
  renumbered: [],
  retitled: [],
  reordered: [],
  changed: [],
});

const movedText = (all: PlanChanges['renumbered']): string =>
  all.map(({ id, number }) => `${id} is ${number}`).join(', ');

/** The difference in words: `2 tasks new, 1 removed, 3 retitled`; empty where there is none. */
export const changesText = (changes: PlanChanges): string => {
  const { renumbered, unticked, still_done } = changes;
  const parts = [
    [changes.created, 'new'],
    [changes.removed, 'removed'],
    [changes.gone, 'no longer in it, but begun'],
    [renumbered, `renumbered and still the same (${movedText(renumbered)})`],
    [changes.retitled, 'retitled'],
    [changes.ticked, 'ticked by hand'],
    [unticked, `unticked and open again (${unticked.join(', ')})`],
    [still_done, `unticked, but done and verified (${still_done.join(', ')})`],
    [changes.reordered, 'in another order'],
    [changes.changed, 'changed otherwise'],
  ] as const;
  const said = parts.filter(([found]) => found.length > 0);
  return said
    .map(([found, how], at) => (at === 0 ? `${plural(found.length, 'task')} ${how}` : `${found.length} ${how}`))
    .join(', ');
};

/** What an import made of the difference, a sentence for each kind that touches what has happened to a task. */
export const changesSentences = (changes: PlanChanges): string[] => {
  const { removed, gone, ticked, unticked, still_done, renumbered, fresh, retitled } = changes;
  const parts = [
    ['No longer in the file, and taken out', removed.join(', ')],
    ['No longer in the file, and kept', gone.join(', ')],
    ['Ticked in the file, and done', ticked.join(', ')],
    ['Unticked in the file, never run, and open again', unticked.join(', ')],
    ['Unticked in the file, and still done because their work was verified', still_done.join(', ')],
    ['At another number in the file, and the same tasks with all that was done of them', movedText(renumbered)],
    ['New at a number that is the id of another task, so with an id of their own', movedText(fresh)],
    ['Called otherwise in the file, and the same tasks', retitled.join(', ')],
  ] as const;
  return parts.filter(([, which]) => which !== '').map(([what, which]) => `${what}: ${which}.`);
};
