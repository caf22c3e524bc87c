import { visible } from '../../lib/text.ts';
import type { State } from '../../state/index.ts';
import { notServed, notUnderstood } from '../errors.ts';
import type { LogHit, LogSearchAnswer } from '../wire.ts';
import type { Hub } from './hub.ts';

const MOST_HITS = 1000;
const LONGEST_TEXT = 200;
/** A line is shown to so many characters. */
const LONGEST_LINE = 500;

type Wanted = {
  readonly text: string;
  readonly instance: string | undefined;
  readonly task: string | undefined;
  readonly limit: number;
};

/** The instances whose terminals are searched: one, those that worked on a task, or all. */
const instancesFor = ({ instances, tasks }: State, { instance, task }: Wanted): readonly string[] => {
  if (task !== undefined) {
    if (!Object.hasOwn(tasks, task)) throw notServed({ what: 'such task' });
    const { history, run, assignee } = tasks[task]!;
    const all = new Set([...history.map((one) => one.instance), run?.instance, assignee].flatMap((one) => one ?? []));
    return [...all].filter((id) => Object.hasOwn(instances, id) && (instance === undefined || id === instance));
  }
  if (instance === undefined) return Object.keys(instances);
  if (!Object.hasOwn(instances, instance)) throw notServed({ what: 'such instance' });
  return [instance];
};

/** The latest lines of one terminal that have the text. */
const searchOne = async (hub: Hub, instance: string, { text, limit }: Wanted): Promise<readonly LogHit[]> => {
  const wanted = text.toLowerCase();
  const hits: LogHit[] = [];
  let line = 0;
  for await (const printed of hub.repository.printed(instance)) {
    line += 1;
    if (!printed.toLowerCase().includes(wanted)) continue;
    hits.push({ instance, line, text: visible(printed).slice(0, LONGEST_LINE) });
    if (hits.length > limit) hits.shift();
  }
  return hits;
};

/** Lines of terminals that have a text, as far as they are kept; one terminal after the other, so that nothing piles up. */
export const searchLogs = async (hub: Hub, wanted: Wanted): Promise<LogSearchAnswer> => {
  const { text, limit } = wanted;
  if (text.length > LONGEST_TEXT) throw notUnderstood({ why: `text is longer than ${LONGEST_TEXT} characters` });
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_HITS)
    throw notUnderstood({ why: `limit is no number from 1 to ${MOST_HITS}` });
  const ids = instancesFor(await hub.state(), wanted);
  const hits: LogHit[] = [];
  for (const id of ids) hits.push(...(await searchOne(hub, id, { ...wanted, limit: limit + 1 })));
  return { hits: hits.slice(-limit), cut: hits.length > limit };
};
