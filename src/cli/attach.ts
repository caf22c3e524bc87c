import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Flags, Io } from './io.ts';
import { printLine, printReply } from './print.ts';
import { converse } from './say.ts';

export type Place = { readonly session: string; readonly socket: string | null; readonly read_only: boolean };

/** How long it is said how to come back, in milliseconds. */
const SAID_MS = 4000;

const BACK = { attached: '#{prefix} d brings you back', switched: '#{prefix} L brings you back' } as const;

/** What the client says when it has the terminal: whoever sees the agent sees nothing of Drover any more. */
const saying = (text: string): readonly string[] => [';', 'display-message', '-d', String(SAID_MS), text];

/** How to get to a session: within tmux on the same server by switching the client, else by attaching. */
export const attachCommand = (place: Place, env: NodeJS.ProcessEnv): { argv: string[]; env: NodeJS.ProcessEnv } => {
  const readOnly = place.read_only ? ['-r'] : [];
  const server = place.socket === null ? [] : ['-L', place.socket];
  const here = env['TMUX']?.split(',')[0]?.split('/').at(-1);
  if (here === (place.socket ?? 'default'))
    return {
      argv: ['tmux', ...server, 'switch-client', ...readOnly, '-t', `=${place.session}`, ...saying(BACK.switched)],
      env,
    };
  const { TMUX: _outer, ...rest } = env;
  return {
    argv: ['tmux', ...server, 'attach-session', ...readOnly, '-t', `=${place.session}`, ...saying(BACK.attached)],
    env: rest,
  };
};

/** Whether the words of a command line hand the terminal over in the noun's words: `sessions attach kiro-1`. */
export const isAttach = ([noun = '', verb]: readonly string[]): boolean =>
  verb === 'attach' && /^(?:sessions?|instances?)$/u.test(noun);

/** Hands this terminal to an agent's session until it is detached. */
export const attach = (io: Io, flags: Flags, argv: readonly string[]): Promise<number> =>
  attachBy(io, flags, ['attach', ...argv]);

/** The same for a whole command of any wording. */
export const attachBy = async (io: Io, flags: Flags, argv: readonly string[]): Promise<number> => {
  const reply = await converse(io, flags, { argv });
  if (reply.exit !== 0 || flags.json || flags.jsonl) return printReply(io, reply, flags);
  if (!io.stdin.isTTY || !io.stdout.isTTY) {
    printLine(io.stderr, `drover: attach needs a terminal. From one: ${reply.message}`);
    return 2;
  }
  const place = reply.data as Place;
  const command = attachCommand(place, io.env);
  if (place.read_only && command.argv.includes('switch-client'))
    printLine(
      io.stderr,
      'Your tmux client looks only from now on. To type again: detach it (prefix d) and attach anew.',
    );
  const client = spawn(command.argv[0]!, command.argv.slice(1), { stdio: 'inherit', env: command.env });
  const [code] = (await once(client, 'exit')) as [number | null];
  return code === 0 ? 0 : 1;
};
