import { describe, expect, test } from 'vitest';
import { parse, parseArgv } from '../../src/protocol/parse.ts';
import { language } from '../fixtures/signatures.ts';

const read = (...argv: string[]) => {
  const result = parseArgv(argv, language);
  if (!result.ok) throw result.error;
  const { verb, noun, modifiers, parameters } = result.meaning;
  return { command: `${verb} ${noun}`, modifiers, ...parameters };
};

describe('the command line', () => {
  test('says noun and verb in either order', () => {
    expect(read('instances', 'list')).toEqual({ command: 'list instance', modifiers: [] });
    expect(read('list', 'instances')).toEqual({ command: 'list instance', modifiers: [] });
    expect(read('instances', 'stop', 'kiro-1', '--force')).toMatchObject({ id: 'kiro-1', modifiers: ['force'] });
    expect(read('instances', 'stop', '--all', '-f')).toMatchObject({ scope: 'all', modifiers: ['force'] });
    expect(read('tasks', 'brief', '3.1')).toMatchObject({ command: 'show brief', id: '3.1' });
  });

  test('takes each argument as one word, whatever is in it', () => {
    const check = `npm test -- "it's"; echo $HOME && rm x`;
    expect(read('tasks', 'create', '--title', 'Not now, if', '--description', 'a;b', '--check', check)).toMatchObject({
      title: 'Not now, if',
      description: 'a;b',
      check,
    });
    expect(read('tasks', 'create', '--title=Two words', '--priority=high')).toMatchObject({ title: 'Two words' });
    expect(read('tell', 'kiro-1', 'do not touch x=1 "y"')).toMatchObject({ text: 'do not touch x=1 "y"' });
    expect(read('tell', 'kiro-1', 'use', 'the', 'API')).toMatchObject({ text: 'use the API' });
    expect(read('tell', 'kiro-1', '--', '--force')).toMatchObject({ text: '--force' });
    expect(read('stop all running threads')).toMatchObject({ command: 'stop instance', state: ['running'] });
  });

  test('takes options behind a text without blanks for options, not for text', () => {
    expect(read('tasks', 'create', 'One', '--id', 'b-1')).toMatchObject({ text: 'One', id: 'b-1' });
    expect(read('tasks', 'create', 'One', '--check', 'true', '--id=b-1')).toMatchObject({ text: 'One', check: 'true' });
    expect(read('tell', 'kiro-1', 'use', '--force', 'now')).toMatchObject({ text: 'use --force now' });
  });

  test('takes any path for a path', () => {
    for (const path of ['/my repo/plan', `./it's "mine"; $x`, '../ü/界'])
      expect(read('import', 'spec', path)).toMatchObject({ id: path });
  });

  test('reads lists, numbers and truth values of options', () => {
    expect(read('tasks', 'list', '--limit', '50', '--state', 'failed,done')).toMatchObject({
      limit: 50,
      state: ['completed', 'failed'],
    });
    expect(read('tasks', 'create', 'x', '--deps=3.1,3.2')).toMatchObject({ deps: ['3.1', '3.2'] });
    expect(read('tasks', 'create', 'x', '--deps=3.1,')).toMatchObject({ deps: '3.1' });
    expect(read('tasks', 'create', '--title=One,', '--priority=high')).toMatchObject({
      title: 'One,',
    });
    expect(read('stop', 'instance', '--id', 'kiro-1,kiro-2')).toMatchObject({ id: ['kiro-1', 'kiro-2'] });
    expect(read('stop', 'instance', 'kiro-1', '--force=true')).toMatchObject({ modifiers: ['force'] });
    expect(read('stop', 'instance', 'kiro-1', '--force=false')).toMatchObject({ modifiers: [] });
    expect(read('test', 'swarm', 'launch', 'instances=true')).toMatchObject({ instances: true });
    expect(read('tasks', 'create', '--title', '404')).toMatchObject({ title: '404' });
    expect(read('set', 'config', 'limits.max', '5')).toMatchObject({ id: 'limits.max', value: '5' });
  });

  test.each([
    [['instances', 'stop', '--al'], 'instances stop --all'],
    [['instances', 'stop', 'kiro-1', '--forse'], '--force'],
    [['tasks', 'list', '--limmit', '3'], '--limit'],
    [['tasks', 'create', '--title'], '--title="Build the parser"'],
    [['tasks', 'create', '--title', '--check', 'x'], '--title="Build the parser"'],
    [['tasks', 'create', '--zzzzzzzz=1'], 'help create'],
    [['instances', 'stop', 'kiro-1', '--force=maybe'], 'help stop'],
    [['stop', 'instance', '--', '--force'], 'begins with a letter'],
    [['stop', 'instance', 'kiro-1', '--id', 'two words'], 'begins with a letter'],
    [[], 'status'],
    [['stop', ''], 'begins with a letter'],
    [['tell', 'kiro-1', 'a\u0007b'], 'pasting'],
  ])('refuses %j with a way out', (argv, way) => {
    const result = parseArgv(argv, language);
    if (result.ok) throw new Error(JSON.stringify(result.meaning));
    expect(result.error.exit).toBe(2);
    expect(result.error.hint).toContain(way);
  });
});

test.each([
  ['--no-barrier', false],
  ['--barrier', true],
  ['barrier=false', false],
  ['--barrier=false', false],
])('a yes or no is said with or without its value: %s', (option, barrier) => {
  const said = parseArgv(['import', 'spec', 'plans/demo', option], language);
  expect(said.ok && said.meaning.parameters).toMatchObject({ barrier });
  const typed = parse(`import spec plans/demo ${option} dry-run`, language);
  expect(typed.ok && typed.meaning).toMatchObject({ parameters: { barrier }, modifiers: ['dry-run'] });
});
