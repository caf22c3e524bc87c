import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { locate } from '../client/locate.ts';
import { type Ask, ask } from '../client/request.ts';
import type { Reply } from '../ports/swarm.ts';
import { type Flags, type Io, viewOf } from './io.ts';
import { linesOf } from './lines.ts';
import { printLine, printReply } from './print.ts';

/** An agent that calls us proves by its token which one it is. */
const speaker = (env: NodeJS.ProcessEnv): Pick<Ask, 'actor' | 'token'> => {
  const { DROVER_INSTANCE: instance, DROVER_TOKEN: token } = env;
  return instance && token ? { actor: instance, token } : { actor: 'cli' };
};

/** Asks a yes-or-no question on the terminal; no is the default, and the end of the input is a no. */
const confirmed = async (io: Io, question: string): Promise<boolean> => {
  const lines = createInterface({ input: io.stdin, output: io.stderr });
  const { promise, resolve } = Promise.withResolvers<string>();
  lines.question(`${question}\nGo on? [y/N] `, resolve);
  void once(lines, 'close').then(() => resolve(''));
  const answer = await promise;
  lines.close();
  return /^y(?:es)?$/iu.test(answer.trim());
};

/** Says a command to the daemon; asks on a terminal what has to be confirmed. */
export const converse = async (io: Io, flags: Flags, what: Pick<Ask, 'text' | 'argv'>): Promise<Reply> => {
  const paths = locate(io.cwd, io.env);
  const request: Ask = {
    ...what,
    ...speaker(io.env),
    view: viewOf(io),
    cwd: io.cwd,
    ...(flags.yes ? { yes: true } : {}),
  };
  const reply = await ask(paths, io.env, request);
  if (!reply.confirm || io.interactive === false || !io.stdin.isTTY || !(await confirmed(io, reply.confirm.loses)))
    return reply;
  return ask(paths, io.env, { ...request, confirm: reply.confirm.token });
};

/** A command in the words of the shell: `instances list --json`. */
export const sayArguments = async (io: Io, flags: Flags, argv: readonly string[]): Promise<number> =>
  printReply(io, await converse(io, flags, { argv }), flags, false);

/** The commands of stdin, each said when it was read. The input is the script: nobody is there to be asked. */
const lineByLine = async (io: Io, flags: Flags): Promise<number> => {
  const { splitScript } = await import('../protocol/script.ts');
  const quiet = { ...io, interactive: false };
  const each = { ...flags, json: false, jsonl: flags.jsonl || flags.json };
  let first = 0;
  for await (const line of linesOf(io.stdin))
    for (const text of splitScript(line)) {
      const exit = printReply(io, await converse(quiet, each, { text }), each, true);
      first ||= exit;
    }
  return first;
};

/** `drover agents list`: in the shell agents are programs that can be launched; in words an agent is an instance. */
export const sayOfAgents = (io: Io, flags: Flags, argv: readonly string[]): Promise<number> =>
  sayArguments(io, flags, [
    argv.length === 0 || argv[0] === 'list' ? 'adapters' : 'agents',
    ...(argv.length === 0 ? ['list'] : argv),
  ]);

/** `drover do "<text>"`, or `drover do -` for one command a line from stdin. */
export const sayText = async (io: Io, flags: Flags, words: readonly string[]): Promise<number> => {
  const text = words[0] === '--' ? words.slice(1).join(' ') : words.join(' ');
  if (text === '-' && words.length === 1) return lineByLine(io, flags);
  if (text === '') {
    printLine(io.stderr, 'drover: do needs a command in words, for example: drover do "status swarm"');
    return 2;
  }
  return printReply(io, await converse(io, flags, { text }), flags, true);
};
