import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';
import { adapterFor } from '../../src/agents/index.ts';
import { settingsSchema } from '../../src/state/settings.ts';
import { adapterContract } from '../contract/adapter.ts';

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
