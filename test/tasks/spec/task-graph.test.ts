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
    { line: 6, message: expect.stringMatching(/^the dependency graph cannot be read: it is not JSON/) },
  ]);
  expect(plan('{"waves":[{"tasks":"1"}]}').mistakes).toMatchObject([
    { message: expect.stringContaining('cannot be read: waves.0.tasks: ') },
  ]);
  const drawn = plan('graph TD\n  A --> B').warnings;
  expect(drawn).toMatchObject([{ line: 6, message: expect.stringContaining('is drawn in json and not read') }]);
});
