import { registry } from '../commands/index.ts';
import { describeCommand, helpFor, overview } from '../commands/usage.ts';
import type { Flags, Io } from './io.ts';
import { printLine } from './print.ts';

const SHELL = `Usage: drover [command]

  drover                     the screen with all agents (in a terminal), else the status
  drover init                prepare this repository
  drover import spec PATH    read a plan (a Kiro spec)
  drover do "<text>"         say a command in words; "-" reads one a line
  drover parse "<text>"      show how a text is understood; "-" reads one a line
  drover attach ID           hand this terminal to an agent
  drover logs ID [-f]        what an agent's terminal showed
  drover events follow       what happens, as it happens
  drover rehearse SPEC       try a plan with rehearsal agents in a swarm that removes itself
  drover demo                see it work on a bundled plan
  drover down                stop every agent and the daemon
  drover daemon start|stop|status|logs

Options: --json  --jsonl  --yes  --quiet  --verbose  --help  --version
`;

/** Help is told by this process: it works without a repository and without a daemon. */
export const help = async (io: Io, flags: Flags, words: readonly string[]): Promise<number> => {
  const plain = words.filter((word) => !word.startsWith('-'));
  if (plain.length === 0) {
    printLine(
      io.stdout,
      flags.json ? JSON.stringify(registry.commands.map(describeCommand), null, 2) : `${SHELL}\n${overview(registry)}`,
    );
    return 0;
  }
  const found = helpFor(registry, plain);
  printLine(io.stdout, flags.json ? JSON.stringify(found, null, 2) : found.map((one) => one.text).join('\n\n'));
  return 0;
};

/** Every command there is, from the registry. */
export const commandList = async (io: Io, flags: Flags): Promise<number> => {
  const all = registry.commands.map(describeCommand);
  printLine(
    io.stdout,
    flags.json ? JSON.stringify(all, null, 2) : all.map((one) => `${one.shell.padEnd(28)} ${one.summary}`).join('\n'),
  );
  return 0;
};
