import { entryOf } from '../lib/entry.ts';
import type { PermissionSettings, Settings } from './settings.ts';
import { commandsIn, loosely } from './shell-command.ts';

/**
 * The use of a tool that an agent asks for: the tool by the names of Claude Code, and the command, path or address it
 * is to be used on.
 */
export type ToolUse = {
  readonly tool: string;
  readonly subject: string;
  /** Whether that is all of it: what was cut is never allowed by a pattern. */
  readonly whole: boolean;
};

type Decision = 'ask' | 'allow' | 'deny';

/** The decision on a request, and the rule that says so; without a rule and a policy a person is asked. */
export type Ruling = { readonly decision: Decision; readonly rule: string | null };

/** Rules with the place in the configuration where they stand. */
export type RuleLayer = { readonly place: string; readonly rules: PermissionSettings };

/** Rules of this tool hold for those as well. */
const FAMILIES: Readonly<Record<string, readonly string[]>> = {
  Edit: ['Edit', 'Write', 'MultiEdit', 'NotebookEdit'],
};

/** A question to the person is theirs to answer, whatever the rules say. */
const ASKING = ['AskUserQuestion'];

const escapeRegExp = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`);

/** What the stars and question marks of a path stand for; those that are not here stand for anything. */
const PATH_WILDCARDS: ReadonlyMap<string, string> = new Map([
  ['?', '[^/]'],
  ['**/', '(?:.*/)?'],
  ['*', '[^/]*'],
]);

const wildcardSource = (wildcard: string): string => {
  if (wildcard === '?') return '.';
  return wildcard.endsWith('/') ? '.*/' : '.*';
};

const globPartSource = (part: string, isPath: boolean): string => {
  if (!/^(?:\?|\*+\/?)$/u.test(part)) return escapeRegExp(part);
  return (isPath ? PATH_WILDCARDS.get(part) : undefined) ?? wildcardSource(part);
};

/** `*` stands for anything; in paths for anything but `/`, and `**` for anything. */
const glob = (pattern: string, isPath: boolean): RegExp => {
  const parts = pattern.split(/(?<star>\*\*\/|\*+|\?)/u);
  return new RegExp(`^${parts.map((part) => globPartSource(part, isPath)).join('')}$`, 'su');
};

/** An absolute path without `.` and `..`. */
const normal = (path: string): string => {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
};

const matchesPath = (pattern: string, subject: string, worktree: string): boolean => {
  if (subject === '') return false;
  const path = normal(subject.startsWith('/') ? subject : `${worktree}/${subject}`);
  if (pattern.startsWith('/')) return glob(pattern, true).test(path);
  const root = `${normal(worktree)}/`;
  if (!path.startsWith(root)) return false;
  // As in a `.gitignore`, one without a folder means a file of that name wherever it is.
  const wanted = pattern.replace(/^\.\//u, '');
  return glob(wanted.includes('/') ? wanted : `**/${wanted}`, true).test(path.slice(root.length));
};

const matchesHost = (pattern: string, subject: string): boolean => {
  const host = /^https?:\/\/(?<host>[^\s/?#:@\\]+)(?::\d+)?(?:[/?#]|$)/iu.exec(subject)?.groups?.['host'];
  return host !== undefined && glob(pattern.toLowerCase(), false).test(host.toLowerCase());
};

const matchesCommand = (pattern: string, command: string): boolean => {
  const prefix = /^(?<prefix>.*):\*$/su.exec(pattern)?.groups?.['prefix'];
  if (prefix !== undefined) return command === prefix || command.startsWith(`${prefix} `);
  return glob(pattern, false).test(command);
};

const PATHS = ['Edit', 'Write', 'MultiEdit', 'NotebookEdit', 'Read', 'Glob', 'Grep', 'LS'];

type Rule = { readonly text: string; readonly place: string; readonly tool: string; readonly pattern: string | null };

const ruleOf = (text: string, place: string): Rule => {
  const { tool = text, pattern = null } = /^(?<tool>[^()]+)(?:\((?<pattern>.*)\))?$/su.exec(text)?.groups ?? {};
  return { text, place, tool, pattern: pattern === '' || pattern === '*' ? null : pattern };
};

const isFor = (rule: Rule, tool: string): boolean =>
  (FAMILIES[rule.tool] ?? []).includes(tool) || glob(rule.tool, false).test(tool);

/** Whether a rule holds for one thing: one simple command, one path, one address. */
const matches = (rule: Rule, tool: string, subject: string, worktree: string): boolean => {
  if (!isFor(rule, tool)) return false;
  const { pattern } = rule;
  if (pattern === null) return true;
  if (tool === 'Bash') return matchesCommand(pattern, subject);
  if (pattern.startsWith('domain:')) return matchesHost(pattern.slice('domain:'.length), subject);
  return PATHS.includes(tool) ? matchesPath(pattern, subject, worktree) : glob(pattern, false).test(subject);
};

const nameOf = ({ place, text }: Rule, kind: 'allow' | 'deny'): string => `${place}.${kind}: ${text}`;

const rulesOf = (layers: readonly RuleLayer[], kind: 'allow' | 'deny'): readonly Rule[] =>
  layers.flatMap(({ place, rules }) => (rules[kind] ?? []).map((text) => ruleOf(text, place)));

const denyingRule = (rules: readonly Rule[], { tool, subject }: ToolUse, worktree: string): Rule | undefined => {
  const all = tool === 'Bash' ? [subject, ...loosely(subject)] : [subject];
  return rules.find((rule) => all.some((one) => matches(rule, tool, one, worktree)));
};

/** The rules that allow all of it; undefined when a part of it is not allowed. */
const allowingRule = (rules: readonly Rule[], use: ToolUse, worktree: string): readonly Rule[] | undefined => {
  const { tool, subject, whole } = use;
  const bare = rules.find((rule) => rule.pattern === null && isFor(rule, tool));
  if (bare) return [bare];
  const parts = !whole ? [] : tool === 'Bash' ? commandsIn(subject) : [subject];
  const found = parts.map((one) => rules.find((rule) => matches(rule, tool, one, worktree)));
  return found.length > 0 && found.every((rule) => rule !== undefined) ? [...new Set(found)] : undefined;
};

/**
 * What holds for a request. A rule that denies beats all others wherever it stands; of those that allow the first one
 * counts, and of a command with several parts each has to be allowed. Then the policy holds that stands nearest.
 */
export const rulingOn = (layers: readonly RuleLayer[], use: ToolUse, worktree: string): Ruling => {
  if (ASKING.includes(use.tool)) return { decision: 'ask', rule: null };
  const no = denyingRule(rulesOf(layers, 'deny'), use, worktree);
  if (no) return { decision: 'deny', rule: nameOf(no, 'deny') };
  const yes = allowingRule(rulesOf(layers, 'allow'), use, worktree);
  if (yes) return { decision: 'allow', rule: yes.map((rule) => nameOf(rule, 'allow')).join(', ') };
  return policyOf(layers);
};

/** What holds where no rule matches. */
const policyOf = (layers: readonly RuleLayer[]): Ruling => {
  const near = layers.find(({ rules }) => rules.policy !== undefined);
  const decision = near?.rules.policy ?? 'ask';
  return { decision, rule: decision === 'ask' ? null : `${near!.place}.policy: ${decision}` };
};

/** The rules for an agent in a run profile, the nearest first. */
export const layersFor = (
  settings: Settings,
  { agent, mode }: { readonly agent: string | null; readonly mode: string | null },
): readonly RuleLayer[] => [
  ...[entryOf(settings.agents, agent)?.permissions].flatMap((rules) =>
    rules ? [{ place: `agents.${agent}.permissions`, rules }] : [],
  ),
  ...[entryOf(settings.modes, mode)?.permissions].flatMap((rules) =>
    rules ? [{ place: `modes.${mode}.permissions`, rules }] : [],
  ),
  { place: 'permissions', rules: settings.permissions },
];

/** All rules and the policy that hold, in one value: for those who look at them. */
export const policyRecord = (layers: readonly RuleLayer[]) => ({
  policy: policyOf(layers).decision,
  allow: rulesOf(layers, 'allow').map(({ text }) => text),
  deny: rulesOf(layers, 'deny').map(({ text }) => text),
});
