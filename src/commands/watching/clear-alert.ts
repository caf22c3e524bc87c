import { z } from 'zod';
import { attentionOf } from '../../attention/attention.ts';
import { type Need, needsOf } from '../../attention/needs.ts';
import { idOf, toldById } from '../../attention/told.ts';
import type { State } from '../../state/index.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { wrongState } from '../errors.ts';
import { idsParam, lookUp } from '../selection.ts';

/** A need that is there without any alert, by what an alert with this id tells of: it would be told of once more at once. */
const standingIn = (state: State, ids: readonly string[]): ReadonlyMap<string, Need> => {
  const alerts = Object.fromEntries(Object.entries(state.alerts).filter(([id]) => !ids.includes(id)));
  const left = needsOf({ ...state, alerts }).needs.filter(({ alert }) => alert === null);
  const { told, needs } = needsOf(state);
  const keys = new Map([...needs.map((need) => [idOf(need), need.key] as const), ...told]);
  return new Map(
    ids.flatMap((id): [string, Need][] => {
      const key = keys.get(id);
      const need = left.find((one) => one.key === key);
      return need ? [[id, need]] : [];
    }),
  );
};

/** Until when an alert stays. */
const untilText = ({ kind, instance, task }: Need): string => {
  if (kind === 'failure') return `until ${task} is done, or nothing waits for it`;
  return kind === 'question' ? `until ${instance} has its answer` : `until ${instance} runs again or is stopped`;
};

/** What is said of those that stay where all were meant. */
const standingText = (standing: ReadonlyMap<string, Need>): string =>
  [...standing].map(([id, need]) => ` ${id} stays ${untilText(need)}.`).join('');

/** The alerts that are dismissed, and those that stay; one that is named and stays is refused. */
const clearedIn = (state: State, id: readonly string[] | undefined) => {
  const named = toldById(state, attentionOf(state));
  const ids = id ? [...new Set(id.map((one) => lookUp(named, one, 'alert').id))] : Object.keys(named);
  const standing = standingIn(state, ids);
  const [first] = standing;
  if (id && first)
    throw wrongState({
      id: first[0],
      state: 'not over',
      wants: `it stays ${untilText(first[1])}`,
      hint: first[1].help === null ? 'See: list alerts' : `Suggested: ${first[1].help}`,
    });
  return { over: ids.filter((one) => !standing.has(one)), standing };
};

const clearedText = (count: number, standing: ReadonlyMap<string, Need>): string =>
  `Cleared ${plural(count, 'alert')}.${standingText(standing)}`;

export const clearAlert = defineCommand({
  verb: 'clear',
  noun: 'alert',
  summary: 'Dismiss alerts that you have seen to; what is still so stays, and is not dismissed',
  example: 'clear all alerts',
  role: 'operator',
  modifiers: [],
  target: 'required',
  reads: false,
  effects: 'dismisses the alerts',
  params: z.object({ id: idsParam.optional(), scope: z.literal('all').optional() }),
  result: z.number().int().describe('How many'),
  targets: (state, { id }) => clearedIn(state, id).over,
  nothing: ({ state }, { id }) => {
    const { over, standing } = clearedIn(state, id);
    return over.length === 0 ? clearedText(0, standing) : undefined;
  },
  run: async (context, { id }) => {
    let standing: ReadonlyMap<string, Need> = new Map();
    const facts = await context.decide((state) => {
      const found = clearedIn(state, id);
      standing = found.standing;
      return found.over.map((one) => ({ type: 'alert.cleared', data: { id: one, because: 'by hand' } }));
    });
    return { message: clearedText(facts.length, standing), data: facts.length };
  },
});
