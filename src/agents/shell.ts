import type { LaunchMode } from '../state/modes.ts';
import type { AgentSettings } from '../state/settings.ts';
import type { AgentAdapter, Launch, LaunchOptions, Signal } from './adapter.ts';
import { noCommand } from './errors.ts';
import { readHookMessage } from './hook-message.ts';
import { typedBehind } from './input-box.ts';
import { taskPrompt } from './prompt.ts';
import { shortReply } from './reply.ts';
import { lastThingReader, screenReader } from './screen-patterns.ts';

/** Puts values into the arguments that name them, each as part of that one argument; no shell reads them. */
const fillIn = (args: readonly string[], values: Readonly<Record<string, string | undefined>>): string[] =>
  args.map((arg) => arg.replaceAll(/\{(?<name>\w+)\}/gu, (whole, name: string) => values[name] ?? whole));

const withPrompt = (command: readonly string[], { prompt, brief }: LaunchOptions): readonly string[] => {
  if (prompt === undefined) return command;
  const args = fillIn(command, { prompt, brief });
  return command.some((arg) => /\{(?:prompt|brief)\}/u.test(arg)) ? args : [...args, prompt];
};

/** The arguments of a run profile: how far a configured agent may go is what the configuration says for it, and no more. */
const flags = (mode: LaunchMode | undefined): readonly string[] => mode?.args ?? [];

const launcher =
  (command: readonly string[], settings: AgentSettings) =>
  (options: LaunchOptions): Launch => {
    const again = options.resume === undefined ? [] : fillIn(settings.resume, { conversation: options.resume });
    const argv = [...command, ...flags(options.mode), ...again];
    const rest = { env: settings.env, conversation: options.resume };
    if (settings.prompt === 'argument') return { ...rest, argv: withPrompt(argv, options), files: [] };
    if (settings.prompt !== 'stdin' || options.prompt === undefined) return { ...rest, argv, files: [] };
    const file = `${options.home}/prompt.txt`;
    return {
      ...rest,
      // The shell reads a constant; the file and the command are its arguments.
      argv: ['sh', '-c', 'exec "$@" <"$0"', file, ...argv],
      files: [{ path: file, content: `${options.prompt}\n` }],
    };
  };

/** The patterns that the configuration may give an agent. */
export const OWN_PATTERNS = ['question', 'idle', 'ready'] as const;

/** Reads screens by the patterns of the configuration. */
export const configuredScreen = (
  settings: AgentSettings,
  reader = screenReader,
): ((screen: string) => Signal | undefined) =>
  reader(
    Object.fromEntries(
      OWN_PATTERNS.flatMap((key) => (settings[key] === undefined ? [] : [[key, new RegExp(settings[key], 'mu')]])),
    ),
  );

/** An agent that the configuration alone describes. */
export const shellAdapter = (name: string, settings: AgentSettings): AgentAdapter => {
  const { command } = settings;
  if (!command) throw noCommand({ name });
  // Without patterns there is nothing to be read, and its screen is never asked for.
  const hasPatterns = OWN_PATTERNS.some((key) => settings[key] !== undefined);
  return {
    agent: name,
    title: name,
    program: command[0]!,
    versionArgs: ['--version'],
    install: `Install ${command[0]}, or correct "agents.${name}.command" in .drover/config.json.`,
    passEnv: settings.pass_env,
    prompt: settings.prompt === 'typed' ? 'typed' : 'argument',
    hooks: false,
    // What is typed before it listens could be lost.
    ...(settings.prompt === 'typed' && settings.ready !== undefined
      ? { startsOnScreen: true, readTyped: typedBehind(new RegExp(settings.ready, 'mu')) }
      : {}),
    launch: launcher(command, settings),
    flags,
    promptFor: taskPrompt,
    readHook: readHookMessage,
    ...(hasPatterns ? { readScreen: configuredScreen(settings, lastThingReader) } : {}),
    reply: shortReply,
    interruptKeys: ['C-c'],
    quitKeys: ['C-d'],
  };
};
