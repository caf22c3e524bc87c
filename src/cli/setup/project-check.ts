import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readBounded } from '../../files/bounded-file.ts';

/** A command that tests a project, and what says so. */
export type ProjectCheck = { readonly command: string; readonly from: string };

/** Names and texts of the files at the top of a project, as far as they are asked for. */
type ProjectFiles = {
  readonly names: readonly string[];
  /** The text of a file; an empty one when it is not there. */
  readonly text: (name: string) => string;
};

type Manager = { readonly lock: string; readonly install: string; readonly test: string };

const MANAGERS: readonly Manager[] = [
  { lock: 'pnpm-lock.yaml', install: 'pnpm install --frozen-lockfile', test: 'pnpm test' },
  { lock: 'yarn.lock', install: 'yarn install', test: 'yarn test' },
  { lock: 'bun.lock', install: 'bun install', test: 'bun run test' },
  { lock: 'bun.lockb', install: 'bun install', test: 'bun run test' },
  { lock: 'package-lock.json', install: 'npm ci', test: 'npm test' },
];
const NPM: Manager = { lock: '', install: 'npm install', test: 'npm test' };

const parseObject = (text: string): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
};

const sizeOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? Object.keys(value).length : 0;

/** A worktree is fresh: what the project depends on has to be installed in it before its tests can run. */
const ofNode = ({ names, text }: ProjectFiles): string | undefined => {
  const { scripts, dependencies, devDependencies } = parseObject(text('package.json'));
  const script = (scripts as { test?: unknown } | undefined)?.test;
  // What `npm init` writes fails by design.
  if (typeof script !== 'string' || /no test specified/u.test(script)) return undefined;
  const { install, test } = MANAGERS.find(({ lock }) => names.includes(lock)) ?? NPM;
  const needs = sizeOf(dependencies) + sizeOf(devDependencies) > 0;
  return needs ? `(test -d node_modules || ${install}) && ${test}` : test;
};

const ofMake = (text: string): string | undefined => (/^test\s*:(?!=)/mu.test(text) ? 'make test' : undefined);

const ofPython = ({ names, text }: ProjectFiles): string | undefined => {
  const configured =
    names.includes('pytest.ini') ||
    names.includes('conftest.py') ||
    /^\[tool\.pytest/mu.test(text('pyproject.toml')) ||
    /^\[tool:pytest\]/mu.test(text('setup.cfg')) ||
    /^\[pytest\]/mu.test(text('tox.ini'));
  return configured ? 'pytest' : undefined;
};

/** How the project tests itself, by its own files; undefined when they do not say. */
export const checkOfProject = (files: ProjectFiles): ProjectCheck | undefined => {
  const { names, text } = files;
  const makefile = ['GNUmakefile', 'makefile', 'Makefile'].find((name) => names.includes(name));
  const found: readonly (readonly [string | undefined, string])[] = [
    [ofNode(files), 'package.json'],
    [makefile && ofMake(text(makefile)), makefile ?? ''],
    [ofPython(files), 'its settings for pytest'],
    [names.includes('Cargo.toml') ? 'cargo test' : undefined, 'Cargo.toml'],
    [names.includes('go.mod') ? 'go test ./...' : undefined, 'go.mod'],
  ];
  const [command, from] = found.find(([one]) => one !== undefined) ?? [];
  return command === undefined || from === undefined ? undefined : { command, from };
};

const READ = ['package.json', 'GNUmakefile', 'makefile', 'Makefile', 'pyproject.toml', 'setup.cfg', 'tox.ini'];

/** Nobody writes longer ones by hand, in bytes. */
const LONGEST = 4 * 1024 * 1024;

const textOf = async (path: string): Promise<string> => {
  const { bytes } = await readBounded(path, LONGEST).catch(() => ({ bytes: undefined }));
  return bytes?.toString('utf8') ?? '';
};

/** Looks at the top of a checkout; nothing of it is run. */
export const projectCheck = async (root: string): Promise<ProjectCheck | undefined> => {
  const names = await readdir(root);
  const texts = new Map(
    await Promise.all(
      READ.filter((name) => names.includes(name)).map(async (name) => [name, await textOf(join(root, name))] as const),
    ),
  );
  return checkOfProject({ names, text: (name) => texts.get(name) ?? '' });
};
