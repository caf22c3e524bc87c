import { z } from 'zod';
import { shellQuote } from '../../lib/text.ts';
import type { Meaning } from '../../protocol/action.ts';
import { exampleOf } from '../../protocol/example.ts';
import { parse } from '../../protocol/parse.ts';
import { ROLES, scopeOf, type Signature } from '../../protocol/signature.ts';
import { pluralOf } from '../../protocol/vocabulary.ts';
import type { CommandDescription } from './catalogue.ts';
import { type Parameter, parameterSchema, parametersOf } from './parameters.ts';
import type { ShellCommand } from './shell-commands.ts';
import { definitions, fold, labelLines } from './text-columns.ts';

/** Everything help says about a command. */
export const describedSchema = z.object({
  name: z.string(),
  shell: z.string().describe('Its words in a shell, after drover'),
  summary: z.string(),
  usage: z.string(),
  example: z.string(),
  shell_example: z.string(),
  role: z.enum(ROLES).nullable().describe('The least role that may say it; null while it is not available'),
  agents: z.boolean().describe('Agents may say it as well, about themselves'),
  destructive: z.boolean().describe('It asks first when something would be lost'),
  effects: z.string().nullable().describe('What it does beside answering; null when it only reads'),
  available: z.boolean().describe('False for what comes with a later version'),
  modifiers: z.array(z.string()),
  aloud: z.array(z.string()).describe('Those of them that say what it does without them as well'),
  parameters: z.array(parameterSchema),
  later: z.array(z.string()).describe('Words that are understood and not available yet'),
  text: z.string().describe('All of it as a person reads it'),
});
export type Described = z.infer<typeof describedSchema>;

type Named = { readonly verb: string; readonly noun: string };

const nameOf = ({ verb, noun }: Named): string => `${verb} ${noun}`;

/** Nouns of which there is only one, so that the shell says them in the singular. */
const SINGLE: ReadonlySet<string> = new Set(['swarm', 'daemon', 'git', 'config', 'protocol', 'trust']);

/** The command in the words of the shell: noun first, in the plural where there are several. */
export const shellName = ({ verb, noun }: Named): string => `${SINGLE.has(noun) ? noun : pluralOf(noun)} ${verb}`;

/** A meaning as arguments of a command line: the noun first, and options for all but ids and texts. */
export const argvOf = ({ verb, noun, modifiers, parameters }: Meaning, textKey = 'text'): string[] => {
  const { id, op, failure, [textKey]: text, ...rest } = parameters;
  const tested = verb === 'test';
  const named = { ...(op === undefined ? {} : { op }), ...(failure === undefined ? {} : { failure }) };
  const others = tested ? rest : { ...rest, ...named };
  const options = Object.entries(others).flatMap(([key, value]) =>
    value === true ? [`--${key}`] : [`--${key}`, String(value)],
  );
  const words = [...(tested ? Object.values(named) : []), id ?? [], text ?? []].flat().map(String);
  return [...shellName({ verb, noun }).split(' '), ...words, ...modifiers.map((one) => `--${one}`), ...options];
};

/** The example of a command as a line of a shell. */
const shellExample = (example: string, signature: Signature): string => {
  const parsed = parse(example, { signatures: [signature], agents: [] });
  if (!parsed.ok) return `drover do ${shellQuote(example)}`;
  return ['drover', ...argvOf(parsed.meaning, signature.text).map(shellQuote)].join(' ');
};

type Usable = Pick<Signature, 'verb' | 'noun' | 'modifiers' | 'target' | 'text' | 'parameters' | 'scopes'>;

/** The target in a usage line: `<id …|all|state>`. */
const targetOf = (of: Usable, takes: (name: string) => boolean): string[] => {
  const { target } = of;
  if (target === 'none') return [];
  const many = takes('scope') || takes('state');
  const words = [
    ...(takes('id') ? [many ? 'id …' : 'id'] : []),
    ...(takes('scope') ? [scopeOf(of) ?? 'all'] : []),
    ...(takes('state') ? ['state'] : []),
  ];
  return target === 'required' && takes('id') ? [`<${words.join('|')}>`] : [`[${words.join('|')}]`];
};

/** `stop instance <id …|all|state> [graceful] [force] [except=…]` */
const usageOf = (of: Usable, parameters: readonly Pick<Parameter, 'name' | 'required'>[]): string => {
  const target = targetOf(of, (name) => parameters.some((one) => one.name === name));
  const text = of.text === undefined ? [] : [`["${of.text}"]`];
  const keys = parameters
    .filter(({ name }) => !['scope', 'state', of.text, ...of.modifiers].includes(name))
    .filter(({ name }) => name !== 'id' || of.target === 'none')
    .map(({ name, required }) => (required ? `${name}=…` : `[${name}=…]`));
  return [of.verb, of.noun, ...target, ...text, ...of.modifiers.map((one) => `[${one}]`), ...keys].join(' ');
};

const destruction = (destructive: boolean): string =>
  destructive ? 'yes, asks first when something is at stake' : 'no';

const traitsOf = ({ role, agents, destructive, effects, aloud }: Omit<Described, 'text'>): [string, string][] =>
  role === null
    ? []
    : [
        ['role', role + (agents ? '; agents as well, about themselves' : '')],
        ...(effects === null ? [] : [['does', effects] as [string, string]]),
        ['destructive', destruction(destructive)],
        ...(aloud.length === 0 ? [] : [['anyway', aloud.join(', ')] as [string, string]]),
      ];

const textOf = (of: Omit<Described, 'text'>): string =>
  [
    fold(`${of.name}: ${of.summary}.`, 2),
    ...(of.available ? [] : ['  not available yet: it is understood, and refused with exit code 1']),
    ...labelLines([
      ['usage', of.usage],
      ['in a shell', `drover ${of.shell}`],
      ['example', of.example],
      ['', of.shell_example],
      ...traitsOf(of),
    ]),
    ...(of.parameters.length > 0
      ? ['', ...definitions(of.parameters.map((one) => [`${one.name}=${one.values}`, one.description]))]
      : []),
    ...(of.later.length > 0 ? ['', fold(`  not available yet: ${of.later.join(', ')}`, 4)] : []),
  ].join('\n');

const withText = (of: Omit<Described, 'text'>): Described => ({ ...of, text: textOf(of) });

/** Everything help says about a command, as data and as text. */
export const describeCommand = (command: CommandDescription): Described => {
  const { verb, noun, modifiers, target, text } = command;
  const parameters = parametersOf(command.params);
  const scopes = parameters.find(({ name }) => name === 'scope')?.values.split('|');
  const signature: Signature = {
    verb,
    noun,
    modifiers,
    target,
    parameters: parameters.map(({ name }) => name),
    phase: 1,
    ...(scopes === undefined ? {} : { scopes }),
    ...(text === undefined ? {} : { text }),
  };
  return withText({
    name: nameOf(command),
    shell: shellName(command),
    summary: command.summary,
    usage: usageOf(signature, parameters),
    example: command.example,
    shell_example: shellExample(command.example, signature),
    role: command.role,
    agents: command.agents === true,
    destructive: Boolean(command.loss ?? command.asks),
    effects: command.effects ?? null,
    available: true,
    modifiers: [...modifiers],
    aloud: [...(command.aloud ?? [])],
    parameters: [...parameters],
    later: [...(command.later?.modifiers ?? []), ...(command.later?.parameters ?? []).map((key) => `${key}=`)],
  });
};

/** Everything help says about a command of a later version: only its words are known. */
export const describeLater = (signature: Signature): Described => {
  const example = exampleOf(signature);
  const parameters = signature.parameters.map((name) => ({ name, required: false }));
  return withText({
    name: nameOf(signature),
    shell: shellName(signature),
    summary: 'It comes with a later version',
    usage: usageOf(signature, parameters),
    example,
    shell_example: shellExample(example, signature),
    role: null,
    agents: false,
    destructive: false,
    effects: null,
    available: false,
    modifiers: [...signature.modifiers],
    aloud: [],
    parameters: [],
    later: [],
  });
};

/** Everything help says about a command of the shell. */
export const describeShellCommand = (local: ShellCommand): Described => {
  const usage = ['drover', local.name, local.usage, local.options.length > 0 ? '[options]' : '']
    .filter((part) => part !== '')
    .join(' ');
  const { name, summary, example, role, destructive } = local;
  const text = [
    fold(`drover ${name}: ${summary}.`, 2),
    ...labelLines([
      ['usage', usage],
      ['example', example],
      ['role', role],
      ['destructive', destruction(destructive)],
    ]),
    ...(local.options.length > 0 ? ['', ...definitions(local.options.map((one) => [one.name, one.text]))] : []),
  ].join('\n');
  return {
    name,
    shell: name,
    summary,
    usage,
    example,
    shell_example: example,
    role,
    agents: false,
    destructive,
    effects: null,
    available: true,
    modifiers: [],
    aloud: [],
    parameters: local.options.map((one) => ({
      name: one.name,
      values: '',
      description: one.text,
      required: false,
    })),
    later: [],
    text,
  };
};
