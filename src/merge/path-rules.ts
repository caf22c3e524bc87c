import { wildcard } from '../lib/wildcard.ts';

import type { How, PathRule } from '../state/resolution-settings.ts';

/** Programs that make lock files anew, run none of their packages' scripts, and install nothing where they can help it. */
const REGENERATING: Readonly<Record<string, string>> = {
  'package-lock.json': 'npm install --package-lock-only --ignore-scripts --no-audit --no-fund',
  'npm-shrinkwrap.json': 'npm install --package-lock-only --ignore-scripts --no-audit --no-fund',
  'pnpm-lock.yaml': 'pnpm install --lockfile-only --ignore-scripts',
  'yarn.lock': 'yarn install --mode=update-lockfile',
  'Cargo.lock': 'cargo update --workspace',
  'poetry.lock': 'poetry lock',
  'uv.lock': 'uv lock',
  'Gemfile.lock': 'bundle lock',
  'composer.lock': 'composer update --lock --no-install --no-scripts --no-plugins',
  'go.sum': 'go mod tidy',
};

/** Files of which every line stands for itself, so that lines of both sides may stand beside each other. */
const LISTS =
  /^(?:CHANGELOG(?:\.md|\.txt)?|CHANGES(?:\.md|\.txt)?|\.gitignore|\.dockerignore|\.npmignore|\.prettierignore|\.eslintignore|\.mailmap|go\.sum)$/u;

const JSON_FILE = /\.(?:json|webmanifest|jsonld)$|^composer\.lock$|^Pipfile\.lock$/u;

const nameOf = (path: string): string => path.split('/').at(-1)!;

/** As in a `.gitignore`, a pattern without a folder means a file of that name wherever it is. */
const isFor = ({ path: pattern }: PathRule, path: string): boolean => {
  const wanted = pattern.replace(/^\.?\//u, '');
  return wildcard(pattern.includes('/') ? wanted : `**/${wanted}`, true).test(path);
};

/** The last rule for a path; undefined where no rule is about it. */
export const ruleFor = (path: string, rules: readonly PathRule[]): PathRule | undefined =>
  rules.findLast((rule) => isFor(rule, path));

/** What is known of a file by its name alone: what its lines are, or that it is one document. */
export const knownHow = (path: string): How => {
  const name = nameOf(path);
  if (LISTS.test(name)) return 'union';
  return JSON_FILE.test(name) ? 'json' : 'merge';
};

/** The command line that makes a file anew; undefined where none is known. */
export const regeneratingCommand = (path: string, rule: PathRule): string | undefined => {
  const name = nameOf(path);
  return rule.command ?? (Object.hasOwn(REGENERATING, name) ? REGENERATING[name] : undefined);
};
