import type { Role } from '../../protocol/signature.ts';

type Option = { readonly name: string; readonly text: string };

/**
 * A command of the shell, which is not said to the daemon. Help, completion, the manual page and the documents come
 * from here.
 */
export type ShellCommand = {
  /** The words behind `drover`. */
  readonly name: string;
  /** The arguments behind the name. */
  readonly usage: string;
  readonly summary: string;
  /** A whole line of a shell. */
  readonly example: string;
  readonly options: readonly Option[];
  /** The least role that may do it; what touches only files of the user’s own needs none above `viewer`. */
  readonly role: Role;
  readonly destructive: boolean;
};

/** Options that every command understands. */
export const GLOBAL_OPTIONS: readonly Option[] = [
  { name: '--json', text: 'The answer as one JSON document' },
  { name: '--jsonl', text: 'One JSON document a line: a line for each record' },
  { name: '-y, --yes', text: 'Go on without asking' },
  { name: '-q, --quiet', text: 'Print errors only' },
  { name: '-v, --verbose', text: 'Say on the error stream what happens as well' },
  { name: '-c KEY=VALUE', text: 'A setting for this command only; also --config, and more than once' },
  { name: '--trust HASH', text: 'Trust this content of the repository’s file first, as "drover trust" names it' },
  { name: '-h, --help', text: 'Explain the command' },
  { name: '--version', text: 'Print the version' },
];

const REHEARSAL_OPTIONS: readonly Option[] = [
  { name: '--instances N', text: 'How many agents' },
  { name: '--agent NAME', text: 'Which agent; rehearsal costs nothing' },
  { name: '--seed N', text: 'Rehearsal agents of the same seed do the same' },
  { name: '--task-ms 200..800', text: 'How long a rehearsal agent works on a task, in milliseconds' },
  { name: '--fail-rate P', text: 'How likely a rehearsal agent fails, from 0 to 1' },
  { name: '--policy NAME', text: 'What depends on what: kiro, siblings, strict or none' },
  { name: '--barrier', text: 'Tasks for all requirements wait for all others' },
  { name: '--no-barrier', text: 'Tasks for all requirements do not wait for all others' },
  {
    name: '--needs',
    text: 'A task fails when its worktree lacks work that it depends on, by the graph of the plan or by what its tasks say',
  },
  { name: '--keep DIR', text: 'Work in this folder and leave everything there' },
];

const shellCommand = (
  name: string,
  summary: string,
  more: Pick<ShellCommand, 'example'> & Partial<ShellCommand>,
): ShellCommand => ({ name, summary, usage: '', options: [], role: 'operator', destructive: false, ...more });

export const shellCommands: readonly ShellCommand[] = [
  shellCommand('init', 'Prepare this repository: configuration, state folder, excluded paths; again changes nothing', {
    example: 'drover init',
    options: [{ name: '--agent NAME', text: 'The agent to start; the default is the first that is installed' }],
  }),
  shellCommand('do', 'Carry out a command in words, or several, one a line; “-” reads them from the standard input', {
    usage: '"<text>" | --file=PATH | -',
    example: 'drover do "run all ready tasks"',
    options: [
      { name: '--file=PATH', text: 'The commands that stand in a file, one a line; # begins a comment' },
      { name: '--stop', text: 'With several commands: end at the first that fails' },
    ],
  }),
  shellCommand(
    'parse',
    'Show how a text is understood, without doing it; “-” reads texts from the standard input, one a line',
    {
      usage: '"<text>" | -',
      example: 'drover parse "halt all active processes"',
      role: 'viewer',
    },
  ),
  shellCommand('attach', 'Hand this terminal to an agent until you detach', {
    usage: 'ID',
    example: 'drover attach rehearsal-1',
    options: [{ name: '--read-only', text: 'Look, and type nothing' }],
  }),
  shellCommand('sessions join', 'Look at an agent that another user of this machine shares with you; Ctrl-] leaves', {
    usage: 'PATH',
    example: 'drover sessions join /tmp/drover-1f0c/9a7e',
    role: 'viewer',
  }),
  shellCommand(
    'review',
    'Open the work of a task on the screen to look at it and decide; without a terminal it is printed',
    {
      usage: 'TASK',
      example: 'drover review 3.1',
      role: 'viewer',
    },
  ),
  shellCommand('timeline', 'Who did what when, waiting and merging included; ★ marks what all had to wait for', {
    usage: '[limit=N]',
    example: 'drover timeline',
    role: 'viewer',
  }),
  shellCommand('watch', 'Show a command that reads, and refresh it in place as things happen', {
    usage: 'COMMAND',
    example: 'drover watch status',
    role: 'viewer',
  }),
  shellCommand('logs', 'Print what an agent’s terminal showed, as text', {
    usage: 'ID',
    example: 'drover logs rehearsal-1',
    options: [
      { name: '-f, --follow', text: 'Go on with what it shows from now on' },
      { name: '--grep PATTERN', text: 'Only lines that match this regular expression' },
      { name: '--since TIME', text: 'Only what was shown since: 10m, 2h, or a time as 2026-11-20T12:00' },
      { name: '--limit N', text: 'Only the last so many lines' },
    ],
    role: 'viewer',
  }),
  shellCommand('events follow', 'Print what happens as it happens, a line an event', {
    example: 'drover events follow --json',
    options: [
      { name: '--from N', text: 'Begin with this event; without it, with the next one' },
      { name: '--type TYPE', text: 'Only events of this type, e.g. run.failed; several with commas' },
    ],
    role: 'viewer',
  }),
  shellCommand('rehearse', 'Try a plan with rehearsal agents in a swarm that removes itself', {
    usage: 'SPEC',
    example: 'drover rehearse .kiro/specs/demo --instances 5',
    options: REHEARSAL_OPTIONS,
  }),
  shellCommand('demo', 'See it work on a bundled plan, in a scratch repository', {
    example: 'drover demo',
    options: REHEARSAL_OPTIONS,
  }),
  shellCommand('down', 'Stop every agent and the daemon', {
    example: 'drover down',
    options: [
      { name: '--graceful', text: 'Commit work in progress first; this is the default' },
      { name: '--force', text: 'Do not wait; uncommitted files stay in the worktrees' },
    ],
    destructive: true,
  }),
  shellCommand('web', 'Serve the page of the swarm to browsers, on this machine alone unless it has TLS', {
    usage: '[FOLDER …] | token create [NAME] | token list | token rotate NAME | token revoke NAME',
    example: 'drover web --open',
    options: [
      { name: '--port N', text: 'The port; 7070 or the next that is free without it, 0 for any' },
      {
        name: '--host ADDRESS',
        text: 'The address to listen at; another one than this machine’s own takes --cert and --key',
      },
      { name: '--name NAME', text: 'Other names under which it is asked for, with commas' },
      { name: '--cert FILE', text: 'The certificate for TLS, in PEM form' },
      { name: '--key FILE', text: 'Its key' },
      {
        name: '--role ROLE',
        text: 'What the printed link, or the token, allows at most: viewer, operator, integrator or admin',
      },
      { name: '--open', text: 'Open a browser' },
      { name: '--qr', text: 'Show a code that lets a phone in, once' },
      { name: '--no-auth', text: 'Let in everybody on this machine; only at its own address' },
      { name: '--expires 30d', text: 'With token create: how long it holds; for ever without it' },
    ],
    role: 'viewer',
  }),
  shellCommand('health', 'How each part of the running daemon is; starts none', {
    example: 'drover health',
    role: 'viewer',
  }),
  shellCommand(
    'daemon',
    'Start, stop, restart or look at the daemon of this repository; other commands start it by themselves',
    {
      usage: 'start|stop|restart|status|logs|run [FOLDER]|install|uninstall',
      example: 'drover daemon status',
      options: [
        { name: '--print', text: 'With install: print the systemd unit, and write nothing' },
        { name: '-f, --follow', text: 'With logs: go on with what comes' },
        { name: '--grep PATTERN', text: 'With logs: only lines that match this regular expression' },
        { name: '--since TIME', text: 'With logs: only what was written since' },
        { name: '--limit N', text: 'With logs: only the last so many lines' },
        { name: '--wait', text: 'With start: answer when it is ready, as it always does' },
      ],
    },
  ),
  shellCommand('config', 'Show settings and where each comes from, and change them', {
    usage: 'list | get KEY | show KEY | set KEY VALUE | unset KEY | history | rollback [VERSION] | validate | schema',
    example: 'drover config get limits.maxInstances --show-origin',
    options: [{ name: '--show-origin', text: 'With get: say which layer decides' }],
    role: 'viewer',
  }),
  shellCommand(
    'secrets set',
    'Keep a secret of yours; its value comes by standard input or is asked for, and is shown nowhere',
    {
      usage: 'NAME [-]',
      example: 'gh auth token | drover secrets set github -',
      role: 'viewer',
    },
  ),
  shellCommand('backup', 'Keep a backup of the swarm in one file, while it works, and restore one', {
    usage: 'create FILE | restore FILE',
    example: 'drover backup create swarm.backup',
    options: [
      { name: '--logs', text: 'With create: what the terminals showed as well' },
      { name: '--replace', text: 'With restore: also where a swarm is; what was there is moved beside it' },
    ],
    role: 'admin',
  }),
  shellCommand('trust', 'Show what the repository’s file wants to run or allow, and trust it until it changes', {
    usage: '[show | revoke]',
    example: 'drover trust',
    options: [
      { name: '--show', text: 'Only show what is trusted and what waits' },
      { name: '--revoke', text: 'Trust nothing of it any more' },
    ],
    role: 'admin',
  }),
  shellCommand('doctor', 'Find what breaks in practice, with one repair for each thing', {
    example: 'drover doctor',
    options: [
      { name: '--fix', text: 'Make the repairs that can lose nothing' },
      { name: '--timeout 30s', text: 'How long each part may take; two seconds without it' },
    ],
    role: 'viewer',
  }),
  shellCommand('agents list', 'List the agents that can be launched, and whether their programs are installed', {
    example: 'drover agents list',
    role: 'viewer',
  }),
  shellCommand('commands', 'List every command of the language', {
    example: 'drover commands --json',
    options: [{ name: '--later', text: 'Those of later versions as well' }],
    role: 'viewer',
  }),
  shellCommand('completion', 'Print the completion script of a shell', {
    usage: 'bash|zsh|fish',
    example: 'drover completion bash',
    role: 'viewer',
  }),
  shellCommand('help', 'Explain a command, a noun or a topic', {
    usage: '[COMMAND|NOUN|TOPIC …]',
    example: 'drover help stop instance',
    options: [{ name: '--man', text: 'Everything as a manual page' }],
    role: 'viewer',
  }),
];

/** The shell's own command that these words of a command line begin with. */
export const shellCommandNamed = (words: readonly string[]): ShellCommand | undefined =>
  shellCommands.find(({ name }) => {
    const own = name.split(' ');
    return own.every((word, i) => (words[i] ?? (i === 0 ? '' : word)) === word);
  });
