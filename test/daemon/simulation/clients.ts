import type { Reply } from '../../../src/ports/swarm.ts';
import type { State } from '../../../src/state/index.ts';
import type { Instance } from '../../../src/state/instances.ts';
import { isAlive } from '../../../src/state/moves.ts';
import type { Random } from '../../state/store/simulation/random.ts';
import type { Core } from './core.ts';
import type { Flaw } from './machine.ts';
import type { VirtualTime } from './virtual-time.ts';

/** The daemon that answers now, and when it dies. */
export type Connection = { readonly core: Core; readonly over: Promise<void> };

/** What was answered to whom. */
export type Said = { readonly id: string; readonly text: string; readonly reply: Reply };

export type Clients = {
  readonly said: readonly Said[];
  /** Whether all that was to be said was answered. */
  readonly isDone: () => boolean;
};

type Scene = {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly connection: () => Connection | undefined;
  readonly trace: (line: string) => void;
  readonly flaw: Flaw | undefined;
};

const isUnknown = ({ exit, data }: Reply): boolean =>
  exit === 7 || String((data as { code?: unknown } | null)?.code ?? '').startsWith('store/');

/** Says a line until somebody knows how it went, to one daemon after the other, each time as the same request. */
const sayUntilKnown = async ({ time, connection, flaw }: Scene, text: string, id: string): Promise<Reply> => {
  const saidAt = new Date(time.now()).toISOString();
  for (let n = 0; ; n += 1) {
    const now = connection();
    const as = flaw === 'requests' && n > 0 ? `${id}-${n}` : id;
    const reply = now && (await Promise.race([now.core.say(text, as, saidAt), now.over.then(() => undefined)]));
    if (reply && !isUnknown(reply)) return reply;
    await time.pause(50);
  }
};

/** What is done beside handing out tasks, to whomever it hits; some of it is rightly refused. */
const EXTRAS = [
  'set task t1 priority=high',
  'set task t2 priority=low',
  'stop instance rehearsal-1',
  'stop instance rehearsal-2 force',
  'restart instance rehearsal-1',
  'remove instance rehearsal-2',
  'pause instance rehearsal-1',
  'resume instance rehearsal-1',
  'stop task t1',
  'retry task t1',
  'reassign tasks from rehearsal-1',
  'cancel task t3',
  'launch 1 instance agent=rehearsal',
  'scale up instances 3',
  'pause swarm',
  'resume swarm',
] as const;

/** What somebody says who changes their mind in the moment in which tasks begin. */
const hurriedLine = (random: Random, tasks: number): string => {
  const task = `t${1 + random.below(tasks)}`;
  const instance = random.oneOf(['rehearsal-1', 'rehearsal-2']);
  return random.oneOf([
    ...['stop', 'run', 'retry', 'cancel'].map((verb) => `${verb} task ${task}`),
    ...['pause', 'resume', 'stop', 'restart'].map((verb) => `${verb} instance ${instance}`),
    ...[`run task ${task} on=${instance}`, `assign task ${task} to ${instance}`],
    ...['run all tasks', `reassign tasks from ${instance}`, 'launch 1 instance agent=rehearsal'],
  ]);
};

const hurriedScript = (random: Random): Script => {
  const tasks = 5;
  const created = Array.from({ length: tasks }, (_, n) => `create task "Write t${n + 1}" id=t${n + 1}`);
  const changes = Array.from({ length: 3 + random.below(6) }, () => hurriedLine(random, tasks));
  return { lines: ['launch 2 instances agent=rehearsal', ...created, 'run all tasks', ...changes], isQuick: true };
};

/** Lines, and whether hardly any time passes between them. */
export type Script = { readonly lines: readonly string[]; readonly isQuick: boolean };

/** The lines of a seed: instances, tasks, some of which build on others, and what disturbs them. */
export const scriptOf = (random: Random): Script => {
  if (random.chance(0.4)) return hurriedScript(random);
  const tasks = Array.from({ length: 1 + random.below(3) }, (_, n) => {
    const needs = n > 0 && random.chance(0.4) ? ` deps=t${1 + random.below(n)}` : '';
    return `create task "Write t${n + 1}" id=t${n + 1}${needs}`;
  });
  const extras = Array.from({ length: random.below(3) }, () => random.oneOf(EXTRAS));
  const lines = [`launch ${1 + random.below(2)} instances agent=rehearsal`, ...tasks, 'run all tasks', ...extras];
  return { lines, isQuick: false };
};

/** A client that says one line after the other; a person who is quick now and slow then. */
export const openClients = (scene: Scene, { lines, isQuick }: Script): Clients => {
  const { time, random, trace } = scene;
  const said: Said[] = [];
  let left = lines.length;
  const work = async (): Promise<void> => {
    for (const [at, text] of lines.entries()) {
      await time.pause(random.below(isQuick ? 30 : random.chance(0.5) ? 100 : 2500));
      const id = `line-${at}`;
      const reply = await sayUntilKnown(scene, text, id);
      trace(`${text}: ${reply.exit} ${reply.message}`);
      said.push({ id, text, reply });
      left -= 1;
    }
  };
  void work();
  return { said, isDone: () => left === 0 };
};

const TENDED_MS = 3000;

/** What a person does who looks at the swarm now and then; `isEnd`: nothing disturbs it any more, and all is to end. */
const remedyFor = ({ instances, swarm, tasks }: State, isEnd: boolean): string | undefined => {
  const all = Object.values(instances);
  const asking = all.find(({ state }) => state.kind === 'waiting');
  if (asking) return `approve ${asking.instance_id}`;
  const isGivenUp = ({ state, recovery }: Instance): boolean =>
    ['lost', 'failed'].includes(state.kind) && !['restart', 'move', 'go-on'].includes(recovery?.next ?? '');
  if (all.some(isGivenUp)) return 'resume all instances';
  if (!isEnd) return undefined;
  if (swarm.paused) return 'resume swarm';
  const paused = all.find(({ hold }) => hold === 'frozen');
  if (paused) return `resume instance ${paused.instance_id}`;
  const isOpen = Object.values(tasks).some((task) => task.requested && ['open', 'assigned'].includes(task.state));
  const isAnybody = all.some(({ state }) => isAlive(state.kind) || ['creating', 'stopping'].includes(state.kind));
  return isOpen && !isAnybody ? 'launch 1 instance agent=rehearsal' : undefined;
};

/** A person who answers questions and brings back what was lost, again and again. */
export const openTender = (scene: Scene, isEnd: () => boolean): void => {
  const { time, connection, trace } = scene;
  let count = 0;
  const work = async (): Promise<void> => {
    for (;;) {
      await time.pause(TENDED_MS);
      const now = connection();
      const text = now && remedyFor(now.core.store.state, isEnd());
      if (text === undefined) continue;
      count += 1;
      const reply = await sayUntilKnown(scene, text, `tended-${count}`);
      trace(`${text}: ${reply.exit} ${reply.message}`);
    }
  };
  void work();
};
