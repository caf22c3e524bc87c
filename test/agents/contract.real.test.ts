import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe } from 'vitest';
import { adapterFor } from '../../src/agents/index.ts';
import { settingsSchema } from '../../src/state/settings.ts';
import { adapterContract } from '../contract/adapter.ts';
import { installKiro, personsFiles } from '../kiro/program.ts';
import { openScriptedModel } from '../models/anthropic.ts';

// An agent that Drover knows nothing of: it asks for a line, commits, and says that its turn is over.
const PROGRAM = `
work() {
  printf 'working on %s\\n' "$1"
  env >agent.env
  git add agent.env
  git -c user.name=agent -c user.email=agent@example.invalid commit -q -m "$1"
  printf 'turn over\\n'
}
[ $# -eq 0 ] || { work "$1"; exit; }
[ -t 0 ] || { read -r line; work "$line"; exit; }
while printf 'agent> '; read -r line; do work "$line"; done
`;

const configured = (settings: Record<string, unknown>) => (folder: string) => {
  const program = join(folder, 'agent.sh');
  if (folder !== '/f') writeFileSync(program, PROGRAM);
  const mine = { command: ['sh', program], env: { LANG: 'C' }, ...settings };
  return {
    adapter: adapterFor('mine', settingsSchema.parse({ agents: { mine } })),
    environment: (work: string) => readFileSync(join(work, 'agent.env'), 'utf8'),
  };
};

describe('[AGT-1] the rehearsal agent', () => {
  adapterContract(() => ({
    adapter: adapterFor('rehearsal', settingsSchema.parse({})),
    environment: (work) => readFileSync(join(work, 'rehearsal/1.2.env'), 'utf8'),
  }));
});

describe('[AGT-1] an agent of the configuration that is typed to', () => {
  adapterContract(configured({ ready: '^agent>$', idle: String.raw`^turn over\nagent>$(?![^])` }));
});

describe('an agent of the configuration that is given its prompt as an argument', () => {
  adapterContract(configured({ prompt: 'argument' }));
});

describe('an agent of the configuration that reads its prompt from stdin', () => {
  adapterContract(configured({ prompt: 'stdin' }));
});

describe.each(['v2', 'v3'])('[AGT-1] the stand-in for Kiro with the engine %s', async (engine) => {
  const model = await openScriptedModel();
  afterAll(() => model[Symbol.asyncDispose]());
  const COMMIT = 'git add -A && git -c user.name=a -c user.email=a@example.invalid commit -qm made';
  adapterContract((folder) => {
    const home = join(folder, 'person');
    for (const [path, text] of folder === '/f' ? [] : Object.entries(personsFiles())) {
      mkdirSync(dirname(join(home, path)), { recursive: true });
      writeFileSync(join(home, path), text);
    }
    if (folder !== '/f') installKiro(folder);
    const env = {
      KIRO_HOME: join(home, '.kiro'),
      KIRO_AGENT_ENGINE: engine,
      KIRO_STANDIN: JSON.stringify({ model: model.url }),
    };
    const kiro = { command: [join(folder, 'kiro-cli')], env };
    return {
      adapter: adapterFor('kiro', settingsSchema.parse({ agents: { kiro } })),
      environment: (work: string) => readFileSync(join(work, 'agent.env'), 'utf8'),
      brief: `# Task 1.2: Do it\n\n%%bash env >agent.env %%bash ${COMMIT} %%say done\n`,
    };
  });
});
