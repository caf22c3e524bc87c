import { z } from 'zod';
import { foretoldNames } from '../../lib/names.ts';
import { dataOf } from '../../state/facts.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { defineCommand } from '../define.ts';
import { badParameter } from '../errors.ts';
import { instanceParams, lookUp, requireSome, selectInstances } from '../selection.ts';
import { joinFacts, NO_GROUP } from './group-members.ts';

const params = z.object({
  ...instanceParams,
  group: z.string().describe('The group that it belongs to from now on; none: no group'),
});
type Said = z.infer<typeof params>;

const groupOf = ({ group }: Said): string | null => (group === NO_GROUP ? null : group);

/** The instances that are moved; refuses a group that is not there, and to move whom nobody named. */
const chosen = (state: State, said: Said): readonly Instance[] => {
  const { group: _to, ...targets } = said;
  const group = groupOf(said);
  if (group !== null) lookUp(state.groups, group, 'group');
  if (targets.id === undefined && targets.scope === undefined && targets.state === undefined)
    throw badParameter({ command: 'set instance', key: 'id', issue: 'it is not said which instance' });
  return requireSome(selectInstances(state, targets), 'instance', targets);
};

const movedBy = (facts: readonly EventDraft[]): string[] =>
  dataOf(facts, 'instance.grouped').map((one) => one.instance_id);

const nothingText = (said: Said): string => {
  const group = groupOf(said);
  return `Nothing changes: ${group === null ? 'they are in no group' : `they belong to ${group} already`}.`;
};

export const setInstance = defineCommand({
  verb: 'set',
  noun: 'instance',
  summary: 'Put instances into a group, or with group=none out of theirs',
  example: 'set instance rehearsal-1 group=backend',
  role: 'operator',
  modifiers: [],
  target: 'required',
  reads: false,
  effects: 'moves the instances to another group',
  params,
  result: z.object({ group: z.string().nullable(), moved: z.array(z.string()) }),
  targets: (state, said) => movedBy(joinFacts(chosen(state, said), groupOf(said))),
  nothing: ({ state }, said) => {
    const facts = joinFacts(chosen(state, said), groupOf(said));
    return facts.length === 0 ? nothingText(said) : undefined;
  },
  foretells: ({ state }, said) => {
    const group = groupOf(said);
    const who = foretoldNames(movedBy(joinFacts(chosen(state, said), group)));
    return group === null ? `puts ${who} into no group` : `puts ${who} into the group ${group}`;
  },
  run: async (context, said) => {
    const group = groupOf(said);
    const facts = await context.decide((state) => joinFacts(chosen(state, said), group));
    const moved = movedBy(facts);
    const place = group === null ? 'no group' : group;
    const message =
      moved.length === 0
        ? nothingText(said)
        : `${moved.join(', ')} ${moved.length === 1 ? 'belongs' : 'belong'} to ${place} now.`;
    return { message, data: { group, moved } };
  },
});
