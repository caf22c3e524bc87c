import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

/** Puts a program `kiro-cli` into a folder: the stand-in of `main.ts`. */
export const installKiro = (folder: string): void => {
  const file = join(folder, 'kiro-cli');
  writeFileSync(file, `#!/bin/sh\nexec '${process.execPath}' --disable-warning=ExperimentalWarning '${MAIN}' "$@"\n`);
  chmodSync(file, 0o700);
};

/** The agent of a person that runs `git add` and `git commit` without a question, and has a hook of its own. */
const PERSONS_AGENT = {
  name: 'mine',
  prompt: 'file://./mine.md',
  tools: ['*'],
  allowedTools: ['fs_read', 'fs_write', 'read', 'write'],
  toolsSettings: { execute_bash: { allowedCommands: ['git add.*', 'git status.*', 'env >.*'] } },
  hooks: { stop: [{ command: 'cat >>"$HOME/own-hook.jsonl"' }] },
};

/** The files of that person below their home, by path. */
export const personsFiles = (): Readonly<Record<string, string>> => ({
  '.kiro/agents/mine.json': JSON.stringify(PERSONS_AGENT, null, 4),
  '.kiro/agents/mine.md': 'Be brief.\n',
  '.kiro/agents/other.json': '{"name":"other","tools":["*"]}\n',
  '.kiro/settings/cli.json': '{"chat.defaultAgent":"mine"}\n',
});
