import { policyOf, type RuleLayer, type ToolUse } from '../state/permissions.ts';
import { allowsCommand, denierOf, programOf } from './command-rule.ts';
import { wildcard } from '../lib/wildcard.ts';
import { allowsPath, deniesPath, type Place } from './path-rule.ts';
import { mentionedIn, type PossibleCommand, possibleCommands } from './possible-commands.ts';
import { understoodCommands } from './shell-line.ts';

type Decision = 'ask' | 'allow' | 'deny';

/** The decision on a request, and the rule that says so; without a rule and a policy a person is asked. */
export type Ruling = { readonly decision: Decision; readonly rule: string | null };

const ASKED: Ruling = { decision: 'ask', rule: null };

/** Rules of this tool hold for those as well. */
const FAMILIES: Readonly<Record<string, readonly string[]>> = {
  Edit: ['Edit', 'Write', 'MultiEdit', 'NotebookEdit'],
};

/** A question to the person is theirs to answer, whatever the rules say. */
const ASKING = ['AskUserQuestion'];

const PATHS = ['Edit', 'Write', 'MultiEdit', 'NotebookEdit', 'Read', 'Glob', 'Grep', 'LS'];

/** Whether rules judge what a tool is used on as a path. */
export const isOnPath = (tool: string): boolean => PATHS.includes(tool);

const hostOf = (address: string): string | undefined =>
  /^https?:\/\/(?<host>[a-z\d_.-]*[a-z\d_-])\.?(?::\d+)?(?:[/?#]|$)/iu.exec(address)?.groups?.['host']?.toLowerCase();

const matchesHost = (pattern: string, subject: string): boolean => {
  const host = hostOf(subject);
  return host !== undefined && wildcard(pattern.toLowerCase(), false).test(host);
};

type Rule = { readonly text: string; readonly place: string; readonly tool: string; readonly pattern: string | null };

const ruleOf = (text: string, place: string): Rule => {
  const { tool = text, pattern = null } = /^(?<tool>[^()]+)(?:\((?<pattern>.*)\))?$/su.exec(text)?.groups ?? {};
  return { text, place, tool, pattern: pattern === '' || pattern === '*' ? null : pattern };
};

const isFor = (rule: Rule, tool: string): boolean =>
  (FAMILIES[rule.tool] ?? []).includes(tool) || wildcard(rule.tool, false).test(tool);

const nameOf = ({ place, text }: Rule, kind: 'allow' | 'deny'): string => `${place}.${kind}: ${text}`;

const rulesFor = (layers: readonly RuleLayer[], kind: 'allow' | 'deny', tool: string): readonly Rule[] =>
  layers
    .flatMap(({ place, rules }) => (rules[kind] ?? []).map((text) => ruleOf(text, place)))
    .filter((rule) => isFor(rule, tool));

/** Whether a pattern is about this subject, which is neither a command nor a path: an address, or words. */
const matchesText = (pattern: string, subject: string): boolean =>
  pattern.startsWith('domain:')
    ? matchesHost(pattern.slice('domain:'.length), subject)
    : wildcard(pattern, false).test(subject);

/** The rule that denies, or that may for all that is known: then `isCertain` is false, and nothing may allow it. */
type Denial = { readonly rule: Rule | undefined; readonly isCertain: boolean };

const denialOf = (rules: readonly Rule[], { tool, subject, whole }: ToolUse, place: Place): Denial => {
  const bare = rules.find(({ pattern }) => pattern === null);
  if (bare || rules.length === 0) return { rule: bare, isCertain: true };
  if (tool !== 'Bash') {
    const denies = (pattern: string): boolean =>
      isOnPath(tool) ? deniesPath(pattern, subject, place) : matchesText(pattern, subject);
    const isClear = !rules.some(({ pattern }) => pattern!.startsWith('domain:')) || hostOf(subject) !== undefined;
    return { rule: rules.find(({ pattern }) => denies(pattern!)), isCertain: whole && isClear };
  }
  const { commands, isWhole } = possibleCommands(subject);
  const deniers = rules.map(({ pattern }) => denierOf(pattern!));
  const isDenied = (command: PossibleCommand): boolean => deniers.some((denies) => denies(command));
  const names = new Set(rules.map(({ pattern }) => programOf(pattern!)).filter((name) => name !== undefined));
  return {
    rule: rules.find((_, at) => commands.some(deniers[at]!)),
    isCertain: isWhole && whole && !mentionedIn(subject, names).some(isDenied),
  };
};

/** The rules that allow all of it; undefined when a part of it is not allowed. */
const allowingRules = (rules: readonly Rule[], use: ToolUse, place: Place): readonly Rule[] | undefined => {
  const { tool, subject, whole } = use;
  const bare = rules.find(({ pattern }) => pattern === null);
  if (bare) return [bare];
  if (!whole || rules.length === 0) return undefined;
  const found: readonly (Rule | undefined)[] =
    tool === 'Bash'
      ? (understoodCommands(subject) ?? []).map((one) => rules.find(({ pattern }) => allowsCommand(pattern!, one)))
      : [
          rules.find(({ pattern }) =>
            isOnPath(tool) ? allowsPath(pattern!, subject, place) : matchesText(pattern!, subject),
          ),
        ];
  const certain = found.filter((rule) => rule !== undefined);
  return found.length > 0 && certain.length === found.length ? [...new Set(certain)] : undefined;
};

/**
 * What holds for a request. A rule that denies beats all others wherever it stands; of those that allow the first one
 * counts, and of a command with several parts each has to be allowed. Then the policy holds that stands nearest.
 */
export const rulingOn = (layers: readonly RuleLayer[], use: ToolUse, place: Place): Ruling => {
  if (ASKING.includes(use.tool)) return ASKED;
  const denial = denialOf(rulesFor(layers, 'deny', use.tool), use, place);
  if (denial.rule) return { decision: 'deny', rule: nameOf(denial.rule, 'deny') };
  const yes = denial.isCertain ? allowingRules(rulesFor(layers, 'allow', use.tool), use, place) : undefined;
  if (yes) return { decision: 'allow', rule: yes.map((rule) => nameOf(rule, 'allow')).join(', ') };
  const { policy, place: where } = policyOf(layers);
  if (policy === 'ask' || (policy === 'allow' && !denial.isCertain)) return ASKED;
  return { decision: policy, rule: `${where}.policy: ${policy}` };
};
