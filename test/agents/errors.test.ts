import { expect, test } from 'vitest';
import { notInstalled } from '../../src/agents/errors.ts';

test('how a program is installed and which agents are there is one sentence, however the first part ends', () => {
  const hint = (install: string, ...others: readonly string[]) =>
    notInstalled({ agent: 'ghost', program: 'ghost', install, others }).hint;
  expect(hint('Set "agents.ghost.command" in .drover/config.json.', 'claude')).toBe(
    'Set "agents.ghost.command" in .drover/config.json; or start one that is there, agent=claude',
  );
  expect(hint('npm install -g ghost', 'a', 'b')).toBe(
    'npm install -g ghost; or start one that is there, agent=a, agent=b',
  );
  expect(hint('Install it.')).toBe('Install it.');
});
