import type { SandboxSpec } from '../ports/sandbox.ts';

/** The folder that a program has for itself: what starts it makes one, and names it to the profile. */
export const OWN = 'OWN';

/**
 * What a program needs of a system that nobody gets hold of anything by: its kind of processor, who it is, and memory that it
 * shares with those it starts. Services that start programs for others (`launchd`, Apple events) are none of it.
 */
const BASE = [
  ...['(version 1)', '(deny default)', '(allow process-exec)', '(allow process-fork)'],
  ...['(allow signal (target same-sandbox))', '(allow process-info* (target same-sandbox))', '(allow sysctl-read)'],
  ...['(allow ipc-posix-sem)', '(allow ipc-posix-shm)'],
  ...['(allow mach-lookup (global-name "com.apple.system.opendirectoryd.libinfo"))', '(allow file-read*)'],
  '(allow file-write-data (literal "/dev/null") (literal "/dev/zero") (literal "/dev/tty") (subpath "/dev/fd"))',
  '(allow file-ioctl (literal "/dev/tty"))',
] as const;

/** No file is what closes a socket that has a path, so all of those are closed but the one that names are found by. */
const SHARED = [
  ...['(allow network*)', '(allow system-socket)', '(deny network-outbound (remote unix-socket))'],
  '(allow network-outbound (literal "/private/var/run/mDNSResponder"))',
  '(allow mach-lookup (global-name "com.apple.trustd.agent") (global-name "com.apple.SystemConfiguration.configd"))',
  '(allow mach-lookup (global-name "com.apple.SystemConfiguration.DNSConfiguration"))',
] as const;

/** What holds for a path and all below it; the later one counts. */
type Rule = { readonly path: string; readonly does: (path: string) => string };

const closed = (path: string): string => `(deny file-read* file-write* (subpath ${path}))`;
const readOnly = (path: string): string => `(allow file-read* (subpath ${path}))\n(deny file-write* (subpath ${path}))`;
const writable = (path: string): string => `(allow file-read* file-write* (subpath ${path}))`;

/** Folders on the way to a path: who is to come there has to see that they are there, not what is in them. */
const above = (path: string): readonly string[] =>
  path
    .split('/')
    .slice(1, -1)
    .map((_, n, names) => `/${names.slice(0, n + 1).join('/')}`);

const rulesOf = ({ commonDir, hidden, home, mode, read, root, worktree, write }: SandboxSpec): readonly Rule[] => {
  // What holds the home would lay all of it open.
  const open = [...(mode === 'worktree' ? [root] : []), commonDir, ...read].filter(
    (path) => !`${home.at}/`.startsWith(`${path}/`),
  );
  const rules: readonly Rule[] = [
    // A worktree that lies in the checkout itself takes nothing of that away.
    ...[home.at, ...(mode === 'strict' ? [root, ...hidden] : hidden.filter((path) => path !== root))]
      .filter((path) => path !== '/')
      .map((path) => ({ path, does: closed })),
    ...open.map((path) => ({ path, does: readOnly })),
    // The swarm's own.
    { path: `${commonDir}/drover`, does: closed },
    { path: worktree, does: writable },
    { path: `${worktree}/.git`, does: readOnly },
    ...write.map((path) => ({ path, does: writable })),
  ];
  // Whatever lies in something else counts more than it, as a mount that is made later.
  return rules.toSorted((a, b) => a.path.length - b.path.length);
};

export type Profile = { readonly text: string; readonly values: Readonly<Record<string, string>> };

/**
 * The profile of `sandbox-exec` for a program that reads the git directory of the repository; all paths of the specification are
 * where they really lead. No path is part of its text: they are values that it names, so that none of them can end a string there.
 */
export const profileFor = (spec: SandboxSpec): Profile => {
  const names = new Map<string, string>();
  const named = (path: string): string => {
    const name = names.get(path) ?? `P${names.size}`;
    names.set(path, name);
    return `(param "${name}")`;
  };
  const rules = rulesOf(spec);
  const ways = [
    ...new Set([spec.worktree, spec.root, spec.commonDir, ...spec.read, ...spec.write].flatMap(above)),
    ...spec.hidden,
  ];
  const lines = [
    ...BASE,
    ...(spec.network === 'shared' ? SHARED : []),
    ...rules.map(({ path, does }) => does(named(path))),
    ...ways.map((path) => `(allow file-read-metadata (literal ${named(path)}))`),
    writable(`(param "${OWN}")`),
  ];
  return {
    text: `${lines.join('\n')}\n`,
    values: Object.fromEntries([...names].map(([path, name]) => [name, path])),
  };
};
