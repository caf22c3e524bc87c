/** How the stand-in for Kiro CLI behaves where versions differ, or a test wants trouble: JSON in `KIRO_STANDIN`. */
export type Behaviour = {
  /** Address of the scripted model of `test/models/anthropic.ts`. */
  readonly model: string;
  /** How frames are written down: as objects, as texts that hold JSON, or not at all. */
  readonly record: 'object' | 'string' | 'none';
  /** Each line is written in two halves with a moment between. */
  readonly halves: boolean;
  /** Nothing is written down any more from the end of the first turn on, or the record is cut to nothing then. */
  readonly loses: 'end' | 'file' | null;
  /** Rows of the permission dialog; the third engine has four by default. */
  readonly rows: 2 | 3 | 4;
  /** What Escape does in a dialog. */
  readonly escape: 'turn' | 'request';
  /** Milliseconds within which a further Down is swallowed. */
  readonly swallowMs: number;
  /** The first Enter behind a text is a part of it. */
  readonly secondEnter: boolean;
  /** Milliseconds that its start takes. */
  readonly bootMs: number;
  /** Whether `agentSpawn` hooks run. */
  readonly spawns: boolean;
  /** Whether it is logged in, and whether the service says otherwise from the n-th prompt on. */
  readonly loggedIn: boolean;
  /** Helpers ask together with the agent itself. */
  readonly twoRequests: boolean;
  /** It answers requests of some tools by itself, at once. */
  readonly answersItself: boolean;
  /** How the end of a used-up month is told: on the screen alone, or as an error of the prompt. */
  readonly monthly: 'screen' | 'error';
};

const DEFAULTS: Behaviour = {
  ...{ model: '', record: 'object', halves: false, loses: null, rows: 3, escape: 'turn', swallowMs: 100 },
  ...{ secondEnter: false, bootMs: 200, spawns: true, loggedIn: true, twoRequests: false, answersItself: false },
  monthly: 'error',
};

export const behaviour: Behaviour = {
  ...DEFAULTS,
  ...(JSON.parse(process.env['KIRO_STANDIN'] ?? '{}') as Partial<Behaviour>),
};

const VALUED = ['--agent', '--model', '--agent-engine', '--resume-id', '--effort', '--trust-tools'];
const BARE = ['-a', '--trust-all-tools', '--v2', '--v3', '-r', '--resume', '--legacy-ui', '--require-mcp-startup'];

export type Arguments = {
  readonly prompt: string | undefined;
  has(flag: string): boolean;
  value(flag: string): string | undefined;
};

/** The arguments behind `chat`; undefined when one of them is not known. */
export const argumentsOf = (argv: readonly string[]): Arguments | undefined => {
  const values = new Map<string, string>();
  const words: string[] = [];
  for (let at = 0; at < argv.length; at += 1) {
    const [flag = '', joined] = argv[at]!.split(/=(.*)/su);
    if (VALUED.includes(flag)) {
      values.set(flag, joined ?? argv[at + 1] ?? '');
      at += joined === undefined ? 1 : 0;
    } else if (BARE.includes(flag)) values.set(flag, '');
    else if (flag.startsWith('-')) return undefined;
    else words.push(argv[at]!);
  }
  return { prompt: words[0], has: (flag) => values.has(flag), value: (flag) => values.get(flag) };
};

/** The engine by its flags, its variable, and what this version begins with. */
export const engineOf = (given: Arguments): 'v2' | 'v3' => {
  const named = given.value('--agent-engine') ?? (given.has('--v3') ? 'v3' : given.has('--v2') ? 'v2' : undefined);
  return (named ?? process.env['KIRO_AGENT_ENGINE'] ?? 'v3') === 'v3' ? 'v3' : 'v2';
};
