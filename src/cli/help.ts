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
                             [--instances 5] [--agent rehearsal] [--seed N] [--task-ms 200..800] [--fail-rate P]
                             [--policy siblings|strict|none] [--barrier] [--no-barrier] [--keep DIR]
  drover demo                see it work on a bundled plan
  drover down                stop every agent and the daemon
  drover daemon start|stop|status|logs

Options: --json  --jsonl  --yes  --quiet  --verbose  --help  --version
`;

/** The lines about a command of the shell: its own, and the indented ones that follow. */
const shellHelp = (name: string): string[] => {
  const lines = SHELL.split('\n');
  const from = lines.findIndex((line) => line.startsWith(`  drover ${name} `));
  if (from < 0) return [];
  const length = lines.slice(from + 1).findIndex((line) => !line.startsWith('     '));
  return [`Usage:\n${lines.slice(from, from + 1 + length).join('\n')}`];
};

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
  const shell = plain.length === 1 ? shellHelp(plain[0]!) : [];
  const known = shell.length === 0 || registry.commands.some((one) => [one.verb, one.noun].includes(plain[0]!));
  const found = known ? helpFor(registry, plain) : [];
  const texts = [...shell, ...found.map((one) => one.text)];
  printLine(io.stdout, flags.json ? JSON.stringify(found, null, 2) : texts.join('\n\n'));
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
