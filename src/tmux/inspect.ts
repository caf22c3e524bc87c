import type { Inspection, ServerFacts } from '../ports/server-facts.ts';
import type { TmuxOptions } from './client.ts';
import type { TmuxCommand } from './quote.ts';
import { tmuxRunner } from './run.ts';

const BORDER = '=== drover ===';

const QUESTIONS: readonly TmuxCommand[] = [
  ['display-message', '-p', '#{version}\t#{pid}\t#{socket_path}'],
  ['show-options', '-s'],
  ['show-options', '-g'],
  ['show-options', '-gw'],
  ['show-hooks', '-g'],
  ['show-hooks', '-gw'],
  ['show-environment', '-g'],
  ['list-clients', '-F', '#{client_termname}\t#{client_termfeatures}'],
];

const unquoted = (value: string): string => {
  const quoted = /^(?<quote>["'])(?<inner>.*)\k<quote>$/su.exec(value)?.groups;
  return quoted ? quoted['inner']!.replace(/\\(.)/gu, '$1') : value;
};

const pairs = (text: string): { name: string; value: string }[] =>
  text.split('\n').flatMap((line) => {
    const { name, value } = /^(?<name>[@\w-]+)(?:\[\d+\])?(?:\s(?<value>.*))?$/su.exec(line)?.groups ?? {};
    return name === undefined ? [] : [{ name, value: unquoted(value ?? '') }];
  });

const optionsIn = (text: string): Record<string, string> => {
  const options: Record<string, string> = {};
  for (const { name, value } of pairs(text))
    options[name] = options[name] === undefined ? value : `${options[name]},${value}`;
  return options;
};

const hooksIn = (text: string, window: boolean): ServerFacts['hooks'] =>
  pairs(text).flatMap(({ name, value }) => (value === '' ? [] : [{ name, window, command: value }]));

/** Reads the answers to all questions. */
const parseInspection = (text: string): ServerFacts => {
  const [
    about = '',
    server = '',
    session = '',
    window = '',
    hooks = '',
    windowHooks = '',
    environment = '',
    seen = '',
  ] = text.split(`${BORDER}\n`);
  const [version = '', pid = '', socketPath = ''] = about.trimEnd().split('\t');
  const variable = (name: string): string | undefined =>
    new RegExp(`^${name}=(?<value>.*)$`, 'mu').exec(environment)?.groups?.['value'];
  return {
    version,
    pid: Number(pid),
    socketPath,
    options: optionsIn(`${server}\n${session}\n${window}`),
    hooks: [...hooksIn(hooks, false), ...hooksIn(windowHooks, true)],
    environment: { HOME: variable('HOME'), USER: variable('USER') },
    clients: seen.split('\n').flatMap((line) => {
      const [term = '', features = ''] = line.split('\t');
      return term === '' ? [] : [{ term, features: features.split(',') }];
    }),
  };
};

/** Looks at a server, if there is one, by one call that changes nothing and starts none. */
export const inspectServer = async (options: Omit<TmuxOptions, 'assets'>): Promise<Inspection> => {
  const commands = QUESTIONS.flatMap((question, index): TmuxCommand[] =>
    index === 0 ? [question] : [['display-message', '-p', BORDER], question],
  );
  const { stdout, stderr, failure, noServer } = await tmuxRunner(options).ask(commands);
  if (noServer) return { kind: 'none' };
  return failure ? { kind: 'refused', reason: stderr.trim() } : { kind: 'server', facts: parseInspection(stdout) };
};
