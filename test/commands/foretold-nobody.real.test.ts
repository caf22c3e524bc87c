import { expect, test } from 'vitest';
import type { Command } from '../../src/commands/define.ts';
import { understand } from '../../src/commands/dispatch.ts';
import { commands } from '../../src/commands/index.ts';
import type { Meaning } from '../../src/protocol/action.ts';
import { say } from '../../src/protocol/say.ts';
import type { Hint } from '../../src/ports/hint.ts';
import { forecast } from '../../src/tui/prompt/prompt-forecast.ts';
import { language, settings } from '../fixtures/signatures.ts';
import { openSwarm } from '../helpers/swarm.ts';
import { instanceIs, QUICK } from './stage.ts';

/** What ends the daemon, what takes a rehearsal of its own, and what makes whatever it is told to. */
const LEFT_OUT = ['stop daemon', 'stop swarm', 'rebuild state', 'test swarm', 'test failure', 'test integration'];
/** Words of one's own, of which any may be said; and numbers, which are said or are none. */
const FREE = ['text', 'title', 'description', 'reason', 'note', 'search', 'grep', 'prompt', 'name', 'branch', 'model'];

/** Nouns of which only files, git, tmux or the journal know what there is: of them alone nothing is certain. */
const KNOWN_ELSEWHERE = [
  ...['worktree', 'branch', 'ref', 'diff', 'git', 'session', 'spec', 'task', 'conflict', 'failure'],
  ...['event', 'audit', 'adapter', 'config', 'secret', 'plan'],
];

const isSaid = (line: string): boolean => {
  try {
    understand(language, { text: line });
    return true;
  } catch {
    return false;
  }
};

/** The example of a command with this name, behind which there is nothing, in the place of each of its words in turn. */
const linesOf = (command: Command, name: string): readonly string[] => {
  const { meaning } = understand(language, { text: command.example });
  const withName = (key: string): string => {
    if (key === 'id' && command.target === 'none') return `${command.example} id=${name}`;
    const { scope: _scope, state: _state, id: _id, ...others } = meaning.parameters;
    const kept: Meaning['parameters'] = key === 'id' ? others : meaning.parameters;
    return say({ ...meaning, parameters: { ...kept, [key]: name } });
  };
  const keys = Object.keys(command.params.shape).filter((key) => !FREE.includes(key));
  return [...new Set(keys.map(withName))].filter(isSaid);
};

/** What a forecast has said, and what the answer was, where the one was no promise of the other. */
const brokenPromise = (hint: Hint, { exit, message }: { readonly exit: number; readonly message: string }) => {
  const isDone = exit === 0 || exit === 5;
  if (hint.kind === 'error')
    return isDone || hint.message !== message ? `${hint.message} → ${exit} ${message}` : undefined;
  if (hint.kind === 'ok') return isDone || hint.mayFail ? undefined : `${hint.says} → ${exit} ${message}`;
  return `${hint.expects.join(', ')} → ${exit} ${message}`;
};

test('[TUI-2] no command of the catalogue is promised to do what the daemon refuses, where it names nothing that is there', async () => {
  await using swarm = await openSwarm({ env: QUICK });
  // The other words of an example name what is there.
  await swarm.say('launch 3 instances');
  for (const id of ['rehearsal-1', 'rehearsal-2', 'rehearsal-3']) await instanceIs(swarm, id, 'idle');
  for (const id of ['3.1', '3.2']) await swarm.say(`create task One id=${id}`);
  await swarm.say('run task 3.1 wait=true');
  const broken: string[] = [];
  const unsure = new Set<string>();
  const said = commands.filter(({ verb, noun }) => !LEFT_OUT.includes(`${verb} ${noun}`));
  // What one line makes is not there for another one.
  for (const [at, command] of said.entries())
    for (const line of linesOf(command, `nobody-${at}`)) {
      const hint = forecast(line, { state: await swarm.state(), settings }, language);
      const asked = await swarm.propose(line);
      // What it asks about may be refused when it is confirmed.
      const found = brokenPromise(hint, asked.exit === 5 ? await swarm.say(line) : asked);
      if (found !== undefined) broken.push(`${line}: ${found}`);
      if (hint.kind === 'ok' && hint.mayFail) unsure.add(command.noun);
    }
  expect(broken).toEqual([]);
  expect([...unsure].filter((noun) => !KNOWN_ELSEWHERE.includes(noun))).toEqual([]);
});
