import type { Random } from '../../state/store/simulation/random.ts';
import type { FileWorld } from './files.ts';
import type { GitWorld } from './git.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What an agent does with a task: it may crash before or behind its commit, hang, ask, or say that it failed. */
export const CONDUCT = ['done', 'done', 'done', 'done', 'crash', 'late-crash', 'hang', 'ask', 'fail'] as const;
type Conduct = (typeof CONDUCT)[number];

const TASK = /^Task (?<id>\S+): read \S+ and do what it says\.$/u;
const READY_MS = 1500;
const WORK_MS = 2500;
const PROMPT_MS = 300;

/** Everything around an agent. */
export type Surroundings = {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly files: FileWorld;
  readonly git: GitWorld;
  /** What agents do with their tasks now. */
  readonly conducts: () => readonly Conduct[];
  readonly trace: (line: string) => void;
  /** How often a task was taken up by an agent. */
  readonly begun: Map<string, number>;
};

type Place = {
  readonly id: string;
  readonly cwd: string;
  readonly spool: string;
  readonly token: string;
  /** Its program has ended by itself. */
  readonly ended: (code: number) => void;
};

export type Agent = {
  readonly id: string;
  readonly cwd: string;
  /** The task that it is at; undefined while it rests. */
  readonly task: () => string | undefined;
  /** When it printed something last. */
  readonly printedAt: () => number;
  /** The briefs that it was given. */
  readonly heard: readonly string[];
  readonly hear: (line: string) => void;
  readonly press: (key: string) => void;
  /** Stops it for a while, as pausing does, or lets it go on. */
  readonly freeze: (isFrozen: boolean) => void;
  readonly isFrozen: () => boolean;
  readonly kill: () => void;
};

/** An agent that tells by hooks what it does, as the rehearsal does: a state machine whose steps the clock rings for. */
export const startAgent = (around: Surroundings, place: Place): Agent => {
  const { time, random, files, git, trace } = around;
  const { id, cwd, spool, token } = place;
  const heard: string[] = [];
  let isAlive = true;
  let isFrozen = false;
  let isReady = false;
  let printedAt = time.now();
  let task: string | undefined;
  let turn = 0;
  let answered: (() => void) | undefined;
  let left = 0;
  const held: (() => void)[] = [];
  const waiting: string[] = [];

  const print = (): void => {
    printedAt = time.now();
  };
  const tell = (name: string, more: object = {}): void => {
    left += 1;
    trace(`${id} ${name}`);
    const body = { hook_event_name: name, ...more };
    const text = JSON.stringify({ instance: id, source: 'hook', token, body });
    files.put(`${spool}/${String(time.now())}-${token.slice(0, 4)}-${left}.json`, text);
    print();
  };
  /** Does something later, if the program lives then; of a turn that is over nothing more happens. */
  const later = (ms: number, step: () => void, ofTurn?: number): void => {
    const go = (): void => {
      if (!isAlive || (ofTurn !== undefined && ofTurn !== turn)) return;
      if (isFrozen) held.push(go);
      else step();
    };
    time.after(ms, go);
  };
  const end = (code: number): void => {
    isAlive = false;
    task = undefined;
    trace(`${id} ends with ${code}`);
    place.ended(code);
  };
  const rest = (): void => {
    task = undefined;
    turn += 1;
    const next = waiting.shift();
    if (next !== undefined) begin(next);
  };
  const finish = (name: string): void => {
    git.edit(cwd, `${name}.txt`, `by ${id}`);
    git.commit(cwd, `Do ${name}`);
    rest();
    tell('Stop', { last_assistant_message: `did ${name}`, background_tasks: [] });
  };
  const WAYS: Readonly<Record<Conduct, (name: string, own: number) => void>> = {
    done: (name) => finish(name),
    crash: () => end(1),
    'late-crash': (name) => {
      git.edit(cwd, `${name}.txt`, `by ${id}`);
      git.commit(cwd, `Do ${name}`);
      end(1);
    },
    hang: () => undefined,
    ask: (name, own) => {
      const tool = { tool_name: 'Bash', tool_input: { command: 'make' } };
      tell('PermissionRequest', tool);
      answered = () => {
        tell('PostToolUse', tool);
        later(1 + random.below(WORK_MS), () => finish(name), own);
      };
    },
    fail: () => {
      rest();
      tell('StopFailure', { error: 'unknown', last_assistant_message: 'it cannot be done' });
    },
  };
  const begin = (name: string): void => {
    around.begun.set(name, (around.begun.get(name) ?? 0) + 1);
    task = name;
    turn += 1;
    const own = turn;
    const conduct = random.oneOf(around.conducts());
    // A daemon may die before it hears that its brief has arrived.
    later(random.below(PROMPT_MS), () => tell('UserPromptSubmit', { prompt: name }), own);
    later(random.below(WORK_MS), () => git.edit(cwd, `${name}.txt`, `half of ${name}`), own);
    later(WORK_MS + random.below(WORK_MS), () => WAYS[conduct](name, own), own);
  };
  const hear = (line: string): void => {
    if (!isAlive) return;
    heard.push(line);
    trace(`${id} hears ${line}`);
    if (answered) {
      const go = answered;
      answered = undefined;
      go();
      return;
    }
    const name = TASK.exec(line)?.groups?.['id'];
    if (name === undefined) return;
    if (task !== undefined || !isReady) waiting.push(name);
    else begin(name);
  };
  later(1 + random.below(READY_MS), () => {
    isReady = true;
    tell('SessionStart', { source: 'startup' });
    const next = waiting.shift();
    if (next !== undefined) begin(next);
  });
  return {
    ...{ id, cwd, heard, hear },
    task: () => task,
    isFrozen: () => isFrozen,
    printedAt: () => printedAt,
    press: (key) => {
      if (!isAlive) return;
      if (key === 'C-d') return end(0);
      if (key !== 'C-c' || task === undefined) return;
      answered = undefined;
      later(10, () => {
        rest();
        tell('Stop', { interrupted: true });
      });
    },
    freeze: (now) => {
      isFrozen = now;
      if (!now) for (const go of held.splice(0)) go();
    },
    kill: () => {
      isAlive = false;
      task = undefined;
    },
  };
};
