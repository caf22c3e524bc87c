import { z } from 'zod';
import type { PaneInfo } from '../../ports/index.ts';
import type { EventDraft, State } from '../../state/index.ts';
import { type Instance, SANDBOXES } from '../../state/instances.ts';
import { isEnding } from '../../state/moves.ts';
import { type Note, noteSchema, sandboxFacts } from '../sandbox/notes.ts';
import { type DaemonServices, homeOf, markOf } from '../services.ts';

/** What is known of a program before the session is made in which it starts. */
export type Begun = {
  /** A word that its pane knows, and no other one. */
  readonly word: string;
  /** The run that it is started for; null where it waits for one. */
  readonly run: string | null;
  readonly argv: readonly string[];
  /** Null: a new one, whose id it tells itself. */
  readonly conversation?: string | null | undefined;
  readonly sandbox?: Instance['sandbox'];
  /** What is to be told of that. */
  readonly notes: readonly Note[];
};

const begunSchema: z.ZodType<Begun> = z.object({
  word: z.string(),
  run: z.string().nullable(),
  argv: z.array(z.string()),
  conversation: z.string().nullish(),
  sandbox: z.enum(SANDBOXES).optional(),
  notes: z.array(noteSchema).default([]),
});

const begunFile = (home: string): string => `${home}/begun.json`;

/** The pipe by which a program gets its secrets. Whoever has read it removes it. */
export const secretsPipe = (home: string): string => `${home}/secrets.pipe`;

/** Notes what is about to be started, for whoever comes after a daemon that is killed before it is recorded. */
export const noteBegun = async (services: DaemonServices, instance: Instance, begun: Begun): Promise<void> => {
  const { files, paths } = services.targetOf(instance);
  await files.write(begunFile(homeOf(paths, instance.instance_id)), JSON.stringify(begun));
};

const readBegun = (text: string | null): Begun | undefined => {
  try {
    return begunSchema.safeParse(JSON.parse(text ?? '')).data;
  } catch {
    return undefined;
  }
};

/** The facts about an instance once its program runs; none where somebody ends it meanwhile. */
export const startedFacts = (
  services: DaemonServices,
  state: State,
  { instance_id }: Instance,
  { pane, begun }: { readonly pane: PaneInfo; readonly begun: Begun },
): EventDraft[] => {
  const instance = state.instances[instance_id];
  if (!instance || isEnding(instance.state.kind)) return [];
  const { session, pid, server } = pane;
  const { conversation, sandbox } = begun;
  const place = { session, pane: pane.pane, pid, server, argv: [...begun.argv] };
  const wall = sandbox === undefined ? {} : { sandbox };
  const facts: EventDraft[] = [{ type: 'instance.started', data: { instance_id, ...place, ...wall } }];
  if (conversation !== undefined && conversation !== instance.conversation)
    facts.push({ type: 'instance.conversed', data: { instance_id, conversation } });
  // Where nobody will tell that the program is ready, that it runs is all there is to know.
  const kind = begun.run === null ? 'idle' : 'working';
  const { hooks, startsOnScreen } = services.adapterFor(instance.agent);
  if (!hooks && !startsOnScreen)
    facts.push({
      type: 'instance.moved',
      data: { instance_id, state: kind, source: 'terminal', evidence: 'its program runs' },
    });
  return [...facts, ...sandboxFacts(state, instance_id, begun.notes)];
};

/**
 * Takes the program that was started for a run, and of which nobody has recorded it, for the agent's, whether it goes on or has
 * ended; false where there is none. One that still waits for secrets has not begun.
 */
export const adoptProgram = async (services: DaemonServices, instance: Instance, run: string): Promise<boolean> => {
  const { files, paths, tmux } = services.targetOf(instance);
  const id = instance.instance_id;
  const home = homeOf(paths, id);
  const begun = readBegun(await files.readText(begunFile(home)));
  if (begun?.run !== run) return false;
  const pipe = secretsPipe(home).slice(home.length + 1);
  if ((await files.list(home))?.includes(pipe)) return false;
  const mark = markOf(paths, id);
  const pane = (await tmux.list(mark)).find(({ droverId }) => droverId === mark);
  if (!pane || !(await tmux.knows(pane.pane, begun.word))) return false;
  const isKnown = ({ instances }: State): boolean =>
    instances[id]?.pid === pane.pid && instances[id].pane === pane.pane;
  const facts = await services.decide((now) =>
    isKnown(now) ? [] : startedFacts(services, now, instance, { pane, begun }),
  );
  if (facts.length > 0) services.log(`${id} goes on in ${pane.pane} with what it was started for: ${run}`);
  return true;
};
