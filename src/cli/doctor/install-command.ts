import { programIn } from '../../process/in-path.ts';

/** How each system's package manager is asked for a program. */
const MANAGERS = {
  'apt-get': 'sudo apt install',
  dnf: 'sudo dnf install',
  pacman: 'sudo pacman -S',
  zypper: 'sudo zypper install',
  apk: 'sudo apk add',
  brew: 'brew install',
} as const;
type Manager = keyof typeof MANAGERS;

const FAMILIES: readonly (readonly [RegExp, Manager])[] = [
  [/debian|ubuntu/u, 'apt-get'],
  [/fedora|rhel|centos/u, 'dnf'],
  [/arch/u, 'pacman'],
  [/suse/u, 'zypper'],
  [/alpine/u, 'apk'],
];

/**
 * The command that installs a program here, by what the PATH has, or by what `/etc/os-release` says when the PATH is
 * poor. Where both say nothing it is the one that works without a package manager of the system.
 */
export const installCommand = (program: string, path: string, release: string): string => {
  const found = (Object.keys(MANAGERS) as Manager[]).find((name) => programIn(path, name) !== undefined);
  const id = [...release.matchAll(/^ID(?:_LIKE)?=(?<id>.*)$/gmu)].map((match) => match.groups!['id']).join(' ');
  const manager = found ?? FAMILIES.find(([pattern]) => pattern.test(id))?.[1] ?? 'brew';
  return `${MANAGERS[manager]} ${program}`;
};
