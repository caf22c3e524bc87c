import { shellQuote } from '../lib/text.ts';

/** What was there when the words were found, and may be gone when they are used: others come and go meanwhile. */
export type Passing = { readonly folders: ReadonlySet<string>; readonly sockets: ReadonlySet<string> };

/** So often it is tried: what goes in the very moment of one start is seldom followed by another. */
const TRIES = 10;

/** What has to be there for what lies over it; undefined for words that always stand. */
const conditionOf = (words: readonly string[], n: number, { folders, sockets }: Passing) => {
  const [option, first = '', second = ''] = words.slice(n, n + 3);
  if (option === '--tmpfs' && folders.has(first)) return { test: `test -d ${shellQuote(first)}`, count: 2 };
  if (option === '--ro-bind' && first === '/dev/null' && sockets.has(second))
    return { test: `test -S ${shellQuote(second)}`, count: 3 };
  return undefined;
};

/** The lines of shell that put the words before those that stand there already: the last ones come first. */
const linesFor = (words: readonly string[], passing: Passing): readonly string[] => {
  const lines: string[] = [];
  let plain: string[] = [];
  const put = (all: readonly string[]): string => `set -- ${all.map(shellQuote).join(' ')} "$@"`;
  const end = (): void => {
    if (plain.length > 0) lines.unshift(put(plain));
    plain = [];
  };
  for (let n = 0; n < words.length; ) {
    const condition = conditionOf(words, n, passing);
    if (condition) {
      end();
      lines.unshift(`${condition.test} && ${put(words.slice(n, n + condition.count))}`);
    } else plain.push(words[n]!);
    n += condition?.count ?? 1;
  }
  end();
  return lines;
};

/** The words that have a filter of the kernel's, which comes by a pipe: its bytes are no text that an argument could hold. */
const filterText = (bytes: readonly number[]): string =>
  `printf '${bytes.map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')}' | `;

/**
 * Words of bubblewrap as a program that starts also where something of what they name is gone by then, or goes in that very moment.
 * bubblewrap can lay nothing over what is not there, and ends before it has started anything: it says how a program ended
 * only where there was one. What is not there is left out, then it is looked for once more.
 */
export const steadyWall = (
  words: readonly string[],
  passing: Passing,
  filter: readonly number[] | null,
): readonly string[] => {
  const [program = '', ...rest] = words;
  const lines = linesFor(rest, passing);
  const start = `exec ${shellQuote(program)} --json-status-fd 9`;
  const streams = '"$@" 9>&1 >&8 8>&-';
  const text = [
    `exec 8>&1${filter ? ' 6<&0' : ''}`,
    `for drover_try in ${Array.from({ length: TRIES }, (_, n) => n + 1).join(' ')}; do`,
    'drover_said=$(',
    ...lines,
    filter ? `${filterText(filter)}${start} --seccomp 7 ${streams} 7<&0 <&6 6<&-` : `${start} ${streams}`,
    ')',
    'drover_code=$?',
    `case $drover_code:$drover_said in 1:*exit-code*) break ;; 1:*) ;; *) break ;; esac`,
    'done',
    'exit $drover_code',
  ].join('\n');
  return ['sh', '-c', text, 'sh'];
};
