import { START_AGAIN } from '../../state/lives.ts';

/** By this first line a unit is known for one of ours; nothing else is written over or removed. */
export const UNIT_MARK = '# Written by "drover daemon install"; "drover daemon uninstall" removes it.';

const NAMED: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n', '\t': '\\t', '%': '%%' };

/** A word of a unit file that systemd reads as exactly this text: nothing in it ends the line or stands for anything else. */
const quoted = (text: string): string =>
  `"${text.replace(/[\\"%\p{Cc}]/gu, (one) => NAMED[one] ?? `\\x${one.charCodeAt(0).toString(16).padStart(2, '0')}`)}"`;

/** The same where `$` begins a variable: in the arguments of a program, not in its own path. */
const argument = (text: string): string => quoted(text).replaceAll('$', '$$$$');

type UnitFacts = {
  readonly node: string;
  readonly program: string;
  readonly root: string;
  /** What the daemon hands on to its programs. */
  readonly env: Readonly<Record<string, string>>;
};

/**
 * The unit by which systemd watches over the daemon of one repository. Only the daemon is ended with it: the tmux server
 * that it may have started lives in the same control group, and the agents with it. A daemon of an older version ends to be
 * started again, by which the new one is watched over as well.
 */
export const unitText = ({ node, program, root, env }: UnitFacts): string =>
  [
    UNIT_MARK,
    '[Unit]',
    'Description=Drover daemon of one repository',
    'StartLimitIntervalSec=300',
    'StartLimitBurst=10',
    '',
    '[Service]',
    'Type=exec',
    `ExecStart=${quoted(node)} ${[program, 'daemon', 'run', root].map(argument).join(' ')}`,
    ...Object.entries(env).map(([name, value]) => `Environment=${quoted(`${name}=${value}`)}`),
    'Restart=on-failure',
    `RestartForceExitStatus=${START_AGAIN}`,
    `SuccessExitStatus=${START_AGAIN}`,
    'RestartSec=2',
    'KillMode=process',
    'OOMPolicy=continue',
    'UMask=0077',
    '',
    '[Install]',
    'WantedBy=default.target',
    '',
  ].join('\n');
