import { type Finding, fine, note } from './finding.ts';
import type { Io } from './io.ts';

/** What the terminal says of itself; only worth asking where there is one. */
export const checkTerminal = ({ env, stdout }: Io): Finding[] => {
  if (!stdout.isTTY) return [fine('terminal', 'none here: tables without colours')];
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  const utf8 = /utf-?8/iu.test(locale);
  const truecolor = /truecolor|24bit/iu.test(env['COLORTERM'] ?? '');
  const term = env['TERM'] ?? '';
  return [
    utf8
      ? fine('locale', locale)
      : note('locale', `"${locale}" is not UTF-8: frames and names will look wrong`, 'export LANG=C.UTF-8'),
    truecolor
      ? fine('colours', 'true colour')
      : note('colours', `TERM=${term} without COLORTERM: fewer colours`, 'export COLORTERM=truecolor'),
    term === 'dumb' || term === ''
      ? note('TERM', 'the full screen needs a terminal that can address its cells', 'export TERM=xterm-256color')
      : fine('TERM', term),
    ...(env['TMUX'] && !/^(?:tmux|screen)/u.test(term)
      ? [
          note(
            'TERM inside tmux',
            `is ${term}; tmux understands itself as tmux-256color`,
            'add to ~/.tmux.conf: set -g default-terminal tmux-256color',
          ),
        ]
      : []),
  ];
};
