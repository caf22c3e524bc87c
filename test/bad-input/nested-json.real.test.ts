import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { openProgram } from './program.ts';

const OPEN = '['.repeat(20_000);
const CLOSED = `${OPEN}${']'.repeat(20_000)}`;
const TASK = '# Implementation Plan\n\n- [ ] 1. First\n';

/** Files of a repository that hold JSON, with what is deeply nested in them, and the commands that read them. */
const PLACES: readonly (readonly [string, (deep: string) => string, readonly string[]])[] = [
  ['tasks.json', (deep) => deep, ['import', 'tasks', 'tasks.json']],
  ['items.json', (deep) => `[{"title": ${deep}}]`, ['import', 'tasks', 'items.json']],
  ['.taskmaster/tasks/tasks.json', (deep) => `{"tasks": ${deep}}`, ['import', 'spec', '.taskmaster/tasks/tasks.json']],
  ['.beads/issues.jsonl', (deep) => `{"id": "a-1", "title": ${deep}}\n`, ['import', 'spec', '.beads/issues.jsonl']],
  [
    'specs/x/tasks.md',
    (deep) => `${TASK}\n## Task Dependency Graph\n\n\`\`\`json\n{"waves": ${deep}}\n\`\`\`\n`,
    ['import', 'spec', 'specs/x'],
  ],
];

test('JSON that is nested without end is told as a mistake, wherever a repository has it', async () => {
  await using program = openProgram();
  for (const [path, content, argv] of PLACES)
    for (const deep of [OPEN, CLOSED]) {
      const file = join(program.root, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content(deep));
      const { exit, stdout, stderr } = await program.drover(...argv, '--yes');
      const said = `${path}: ${stdout.slice(0, 2000)}${stderr.slice(0, 2000)}`;
      expect(said).not.toMatch(/call stack|nobody foresaw/iu);
      expect([path, exit], said).toEqual([path, 2]);
      // The plans of a repository are looked for as well.
      expect((await program.drover('import')).stderr).not.toMatch(/call stack|nobody foresaw/iu);
    }
  expect(await program.drover('status')).toMatchObject({ exit: 0 });
});
