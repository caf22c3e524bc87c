import { expect, test } from 'vitest';
import { parseTasks } from '../../../src/tasks/spec/spec-tasks.ts';

const plan = (block: string, heading = '## Task Dependency Graph') =>
  parseTasks(`- [ ] 1. A\n- [ ] 2. B\n\n${heading}\n\n\`\`\`json\n${block}\n\`\`\`\n`);

test('[TSK-10] the graph is read with its waves in their order, called id or wave, or as they stand', () => {
  expect(plan('{"waves":[{"id":1,"tasks":["2"]},{"id":0,"tasks":["1"]}]}').graph).toEqual({
    line: 6,
    waves: [['1'], ['2']],
  });
  expect(
    plan('{\n  "waves": [\n {"wave": 2, "tasks": [2]}, {"wave": 1, "name": "x", "tasks": [1]} ]\n}').graph?.waves,
  ).toEqual([['1'], ['2']]);
  expect(plan('{"waves":[{"tasks":["1"]},{"tasks":["2"]}]}', '## Waves').graph?.waves).toEqual([['1'], ['2']]);
});

test('other blocks of code are no graph', () => {
  expect(plan('{"x":1}', '## Notes').graph).toBeNull();
  expect(parseTasks('- [ ] 1. A\n```json\n{"tasks":[]}\n```\n').graph).toBeNull();
});

test('[TSK-10] a graph that cannot be read is a mistake with its line, and one that is drawn is said', () => {
  expect(plan('{"waves":[').mistakes).toMatchObject([
    { line: 7, message: 'the dependency graph cannot be read: it is not JSON, a closing ] is missing' },
  ]);
  expect(plan('{"waves":[{"tasks":"1"}]}').mistakes).toMatchObject([
    { message: expect.stringContaining('cannot be read: waves.0.tasks: it has to be a list, such as ["one", "two"]') },
  ]);
  expect(plan('{"waves":\n[{"tasks":["1"]}\n{"tasks":["2"]}]}').mistakes).toMatchObject([
    { line: 9, message: 'the dependency graph cannot be read: it is not JSON, a comma is missing' },
  ]);
  const drawn = plan('graph TD\n  A --> B').warnings;
  expect(drawn).toMatchObject([{ line: 6, message: expect.stringContaining('is drawn in json and not read') }]);
});

const section = (body: string): string => `- [ ] 1. A\n- [ ] 2. B\n- [ ] 3. C\n\n## Task Dependency Graph\n${body}`;
const fenced = (info: string, text: string): string => `\n\`\`\`${info}\n${text}\n\`\`\`\n`;
const notesOf = (text: string): string[] => parseTasks(text).warnings.map(({ line, message }) => `${line}: ${message}`);

test.each([
  ['', ['5: the section of the dependency graph is empty']],
  ['\n2 comes after 1.\n', ['5: the dependency graph is written in words and not read: write it as JSON for that']],
  [fenced('', ''), ['7: the dependency graph is empty']],
  [fenced('text', '1 -> 2'), ['7: the dependency graph is drawn in text and not read: write it as JSON for that']],
  [
    `${fenced('json', '{"waves":[]}')}\n## Task Dependency Graph\n${fenced('json', '{"waves":[]}')}`,
    ['12: there is a second dependency graph, which is not read'],
  ],
])('[TSK-8] a section that promises a graph and has none that is read is said: %j', (body, notes) => {
  expect(notesOf(section(body))).toEqual(notes.map((note) => expect.stringContaining(note.replace(/^\d+: /u, ''))));
});

test('[TSK-12] a graph drawn in Mermaid is read where it is nothing but arrows between tasks, and said where it is more', () => {
  const plain = section(fenced('mermaid', 'graph TD\n  %% a remark\n  1 --> 3\n  3 --> 2;'));
  const { tasks, warnings } = parseTasks(plain);
  expect(warnings).toEqual([]);
  expect(tasks.map(({ number, depends, saysOrder }) => [number, depends, saysOrder])).toEqual([
    ['1', [], true],
    ['2', ['3'], true],
    ['3', ['1'], true],
  ]);
  for (const more of ['graph TD\n  A --> B', '1 --> 9', '1 -.-> 2', 'subgraph x\n1 --> 2\nend', 'graph TD'])
    expect(notesOf(section(fenced('mermaid', more)))).toEqual([
      expect.stringContaining('drawn in mermaid and not read'),
    ]);
});
