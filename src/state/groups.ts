import { z } from 'zod';
import { reducer } from './reducer.ts';

export const groupSchema = z.object({
  group_id: z.string(),
  description: z.string(),
  created_at: z.string(),
  revision: z.number().int(),
});
/** A named subset of the instances; which ones belong to it stands at the instances. */
export type Group = z.infer<typeof groupSchema>;
export type Groups = Readonly<Record<string, Group>>;

/** Facts about groups. Members leave a group by `instance.grouped` before it is removed. */
export const groupEvents = {
  'group.created': z.object({ group_id: z.string(), description: z.string() }),
  'group.removed': z.object({ group_id: z.string() }),
};

export const reduceGroups = reducer<Groups, typeof groupEvents>({
  'group.created': (all, data, at, seq) => ({ ...all, [data.group_id]: { ...data, created_at: at, revision: seq } }),
  'group.removed': (all, { group_id }) => Object.fromEntries(Object.entries(all).filter(([key]) => key !== group_id)),
});
