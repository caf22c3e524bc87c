// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what stands here is for a shell.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { handsOn } from '../../src/rules/handing-on.ts';
import { type ShellCommand, understoodCommands } from '../../src/rules/shell-line.ts';
import { temporaryFolder } from '../helpers/folder.ts';

/** Programs that do nothing but write down how they were called; `no` fails. */
const PROGRAMS = ['one', 'two', 'three', 'no'];

const pathOf = (shell: string): string =>
  spawnSync('sh', ['-c', `command -v ${shell}`], { encoding: 'utf8' }).stdout.trim();

/** The shells of agents; the second reads some things in a way of its own. */
const SHELLS = [
  ['bash', '--norc', '--noprofile', '-c'],
  ['zsh', '-f', '-c'],
].flatMap(([shell, ...args]) => (pathOf(shell!) === '' ? [] : [[pathOf(shell!), ...args]]));

/** Runs a line where nothing but those programs and the shell's own words can be found; how they were called. */
const calls = (folder: string, [shell, ...args]: readonly string[], line: string): readonly (readonly string[])[] => {
  const [work, said] = [`${folder}/work`, `${folder}/calls`];
  for (const path of [work, said]) {
    rmSync(path, { recursive: true, force: true, maxRetries: 5 });
    mkdirSync(path);
  }
  const env = { PATH: `${folder}/bin`, CALLS: said, HOME: work, FUNCNEST: '10', X: 'x three' };
  spawnSync(shell!, [...args, line], { cwd: work, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000 });
  return readdirSync(said).map((call) => readFileSync(`${said}/${call}`, 'utf8').split('\0').slice(0, -1));
};

const openFolder = () => {
  const folder = temporaryFolder('shell');
  mkdirSync(`${folder.path}/bin`);
  for (const name of PROGRAMS) {
    const program = `${folder.path}/bin/${name}`;
    // Each call has a file of its own, because several programs may write at once.
    const record = `printf '%s\\0' ${name} "$@" >"$CALLS/$$"`;
    writeFileSync(program, `#!/bin/sh\n${record}; exit ${name === 'no' ? 1 : 0}\n`);
    chmodSync(program, 0o755);
  }
  return folder;
};

/** Whether a call is one of a command that was judged: of words that nobody knew there may be any number. */
const isOf = ({ words }: ShellCommand, call: readonly string[]): boolean => {
  const fits = (word: number, said: number): boolean => {
    if (word === words.length) return said === call.length;
    const { value } = words[word]!;
    if (value !== null) return call[said] === value && fits(word + 1, said + 1);
    for (let end = said; end <= call.length; end += 1) if (fits(word + 1, end)) return true;
    return false;
  };
  return fits(0, 0);
};

const { line } = fc.letrec<Record<'word' | 'command' | 'pipe' | 'line' | 'body' | 'atom', string>>((tie) => ({
  atom: fc.oneof(
    {
      weight: 6,
      arbitrary: fc.constantFrom('a', '-b', 'c=d', 'e/f', '~/g', 'two', '"$X"', '$X', '${X}', '*', '[ab]?'),
    },
    {
      weight: 6,
      arbitrary: fc.constantFrom(
        "'it is'",
        '"a; b"',
        "'#'",
        'a\\;b',
        "'\\'",
        '"\\""',
        "'a\nb'",
        '"`"',
        '\\#',
        'a#b',
        '""',
        "'",
      ),
    },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        '{a,b}',
        '`two`',
        "$'\\n'",
        '$"a"',
        '${X:-$(two)}',
        '$((1))',
        '\\\n',
        '!',
        '=two',
        '"!x"',
      ),
    },
    { weight: 2, arbitrary: tie('line').map((inner) => `"$(${inner})"`) },
    { weight: 2, arbitrary: tie('line').map((inner) => `$(${inner})`) },
  ),
  word: fc.array(tie('atom'), { minLength: 1, maxLength: 2 }).map((atoms) => atoms.join('')),
  command: fc
    .tuple(
      fc.constantFrom('', '', '', '', 'X=y ', 'CI=1 ', '! ', 'time '),
      fc.constantFrom('one', 'two', 'no', 'one', '"one"', 'on\\e', '$X'),
      fc.array(tie('word'), { maxLength: 3 }),
      fc.constantFrom(
        '',
        '',
        '',
        ' 2>&1',
        ' >/dev/null',
        ' > out',
        ' <<< "$X"',
        " # it's",
        ' # "',
        ' #\\',
        ' # `',
        ' ;#',
      ),
    )
    .map(([before, name, words, after]) => `${before}${[name, ...words].join(' ')}${after}`),
  pipe: fc.oneof(
    { weight: 5, arbitrary: tie('command') },
    { weight: 1, arbitrary: fc.tuple(tie('command'), tie('command')).map((both) => both.join(' | ')) },
    { weight: 1, arbitrary: tie('line').map((inner) => `(${inner}\n)`) },
    { weight: 1, arbitrary: tie('line').map((inner) => `{ ${inner}\n}`) },
    {
      weight: 1,
      arbitrary: fc.tuple(tie('line'), tie('line')).map(([a, b]) => `if ${a}\nthen ${b}\nelse two else\nfi`),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(tie('word'), tie('line')).map(([a, b]) => `for x in ${a} z; do ${b}\none "$x"\ndone`),
    },
    { weight: 1, arbitrary: tie('line').map((inner) => `while no; do ${inner}\ndone`) },
    { weight: 1, arbitrary: tie('line').map((inner) => `case a in a) ${inner}\n;; esac`) },
    { weight: 1, arbitrary: tie('line').map((inner) => `one() { ${inner}\n}`) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(
          fc.constantFrom('EOF', "'EOF'", '"EOF"', 'E\\OF', '-EOF'),
          tie('body'),
          fc.constantFrom('', ' | two', ' && two', ' 2>&1'),
        )
        .map(([end, body, after]) => `one <<${end}${after}\n${body}\nEOF`),
    },
  ),
  body: fc
    .array(
      fc.oneof(fc.constantFrom("it's", '"', '$X', 'EOF ', '\\', '# x', '`two`', '\tEOF', '\\$(two)'), tie('atom')),
      { maxLength: 3 },
    )
    .map((lines) => lines.join('\n')),
  line: fc
    .tuple(
      tie('pipe'),
      fc.array(fc.tuple(fc.constantFrom('; ', ' && ', ' || ', ' &\n', '\n', '\n\n', ';'), tie('pipe')), {
        maxLength: 2,
      }),
    )
    .map(([first, others]) => [first, ...others.map((one) => one.join(''))].join('')),
}));

const SOUP = [
  ...[
    ' ',
    ' ',
    ' ',
    '\n',
    '\n',
    ';',
    '&&',
    '||',
    '|',
    '&',
    '#',
    ' #',
    "'",
    '"',
    '\\',
    '`',
    '$(',
    ')',
    '(',
    '{ ',
    ' }',
    '<<EOF',
    '\nEOF\n',
  ],
  ...[
    '<<-E',
    "<<'E'",
    '\nE\n',
    '$X',
    '${',
    '}',
    '$((',
    '))',
    '((',
    '[[',
    ']]',
    '<(',
    '>',
    '<',
    '2>&1',
    '!',
    '=',
    '*',
    '[',
    ']',
    '~',
    "$'",
    '$"',
  ],
  ...[
    'one',
    'two',
    ' one ',
    ' two ',
    'if ',
    ' then ',
    ' fi',
    'for x in ',
    ' do ',
    ' done',
    'case ',
    ' in ',
    ' esac',
    ';;',
    'one() ',
    'coproc ',
  ],
  ...['time ', 'eval ', 'X=', 'a', '\r', '\t', '\u00a0', '\\\n', '-', '/', ','],
];

describe.each(SHELLS)('[SEC-10] all that %s runs of a line was judged', (...shell) => {
  test.each([
    ['of a grammar with quotes, comments, lines and here-documents', line],
    [
      'of pieces in any order',
      fc.array(fc.constantFrom(...SOUP), { minLength: 1, maxLength: 14 }).map((all) => `one ${all.join('')}`),
    ],
  ])('%s', (_, lines) => {
    using folder = openFolder();
    fc.assert(
      fc.property(lines, (text) => {
        const judged = understoodCommands(text);
        // What hands something on is allowed by no rule that does not name it.
        fc.pre(judged?.every(({ words }) => !handsOn(words, 1)) === true);
        const missed = calls(folder.path, shell, text).filter(
          (call) => !judged!.some((command) => isOf(command, call)),
        );
        expect(missed).toEqual([]);
      }),
      { numRuns: 300, maxSkipsPerRun: 1000 },
    );
  });

  test('and the programs are called at all', () => {
    using folder = openFolder();
    const called = calls(folder.path, shell, "one a 'b c'; two $(no d)").map((words) => words.join('|'));
    expect(called.toSorted()).toEqual(['no|d', 'one|a|b c', 'two']);
  });
});
