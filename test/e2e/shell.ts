import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BIN, openTerminal } from './terminal.ts';

/** What the shell says when it waits for a command. */
const PROMPT = 'me@home> ';

type Place = { readonly cwd: string; readonly env: Readonly<Record<string, string>> };

/**
 * A shell in a terminal, as a person has it, with `drover` in its path. Every call of `input` counts: a command with its
 * Enter is one, and so is a single key.
 */
export const openShell = ({ cwd, env }: Place) => {
  const bin = join(cwd, '..', 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'drover'), `#!/bin/sh\nexec '${process.execPath}' '${BIN}' "$@"\n`, { mode: 0o755 });
  const path = `${bin}:${env['PATH']}`;
  const terminal = openTerminal(['sh'], { cwd, env: { ...env, PATH: path, PS1: PROMPT, COLORTERM: 'truecolor' } });
  let count = 0;
  return {
    ...terminal,
    inputs: () => count,
    input: async (text: string): Promise<void> => {
      if (count === 0) await terminal.see(PROMPT.trim());
      count += 1;
      terminal.type(text);
    },
  };
};

/** Follows what the screen proposes for the first task that is verified: its review, the merge there, and the way out. */
export const mergeAndLeave = async (
  { input, see }: Pick<ReturnType<typeof openShell>, 'input' | 'see'>,
  goesOn: string,
): Promise<void> => {
  await see(/1 task done, to review .* Ctrl-G {2}review task t1/u);
  await input('\u0007');
  await see('A approve');
  await input('m');
  await see(/✔ .*1 branch.*merged|✔ .*[Mm]erged 1 branch/);
  await input('q');
  await see(`${goesOn} "drover" brings the screen back.`);
};
