import { constants } from 'node:fs';
import { access, readFile, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FULL_DISK_BYTES, LOW_DISK_BYTES } from '../../lib/disk-space.ts';
import { settingsSchema } from '../../state/settings.ts';
import type { Probe } from './examination.ts';
import { commandLine, error, type Finding, note, ok, warning } from './finding.ts';

type Mount = { readonly point: string; readonly type: string; readonly options: readonly string[] };

/** What is known of the disk under one place of ours. */
export type DiskFacts = {
  /** What lies there. */
  readonly what: 'state' | 'worktrees';
  readonly path: string;
  readonly mount: Mount | undefined;
  readonly freeBytes: number;
  /** Null where the disk has no number of files. */
  readonly freeFiles: number | null;
  /** With less than so many megabytes free nothing is launched; 0: it is not looked at. */
  readonly limitMb: number;
  readonly writable: boolean;
};

const MEGABYTE = 1024 * 1024;
const FEW_FILES = 10_000;

/** Where locks, watches and synced writes do not hold what they promise. */
const REMOTE =
  /^(?:nfs\d?|cifs|smb\d?|smbfs|9p|drvfs|afs|ceph|glusterfs|lustre|fuse\.(?:sshfs|s3fs|rclone|glusterfs|gcsfuse))$/u;

const amount = (bytes: number): string =>
  bytes < 10 * 1024 * MEGABYTE ? `${Math.round(bytes / MEGABYTE)} MB` : `${Math.round(bytes / MEGABYTE / 1024)} GB`;

const nameOf = (what: DiskFacts['what']): string => `disk of the ${what}`;

const judgeSpace = ({ what, path, freeBytes, freeFiles, limitMb }: DiskFacts): Finding[] => {
  const look = { label: 'see what takes it with' };
  const name = nameOf(what);
  const found: Finding[] = [];
  if (freeBytes < LOW_DISK_BYTES) {
    const weigh = freeBytes < FULL_DISK_BYTES ? error : warning;
    const repair = commandLine('du', '-xsh', path);
    found.push({ ...weigh('disk.space', name, `only ${amount(freeBytes)} are free at ${path}`, repair), ...look });
  }
  if (what === 'worktrees' && freeBytes < limitMb * MEGABYTE) {
    const cause = `only ${amount(freeBytes)} are free at ${path}, and limits.disk_mb is ${limitMb}: no agent is launched`;
    const lower = String(Math.floor(freeBytes / MEGABYTE / 2));
    const repair = commandLine('drover', 'config', 'set', 'limits.disk_mb', lower);
    found.push({ ...warning('disk.limit', name, cause, repair), label: 'make room, or launch all the same with' });
  }
  if (freeFiles !== null && freeFiles < FEW_FILES) {
    const repair = commandLine('df', '-i', path);
    found.push({ ...warning('disk.files', name, `only ${freeFiles} more files fit at ${path}`, repair), ...look });
  }
  return found;
};

const judgeMount = ({ what, path, mount }: DiskFacts): Finding[] => {
  if (!mount) return [];
  const name = nameOf(what);
  const found: Finding[] = [];
  if (REMOTE.test(mount.type) && what === 'state') {
    const cause = `${path} lies on ${mount.type}, where locks and watches do not hold: move to a local disk`;
    found.push({ ...error('disk.remote', name, cause, 'git clone . ~/local-clone'), label: 'for example with' });
  } else if (REMOTE.test(mount.type)) {
    const cause = `${path} lies on ${mount.type}, where git is slow and locks do not hold`;
    found.push(warning('disk.remote', name, cause, 'export XDG_DATA_HOME=/var/tmp/drover-data'));
  }
  if (mount.type === 'overlay' || (mount.type === 'tmpfs' && what === 'state')) {
    const cause = `${path} lies on ${mount.type}: it is gone with the ${mount.type === 'tmpfs' ? 'next start of the machine' : 'container'}`;
    found.push(note('disk.fleeting', name, cause));
  }
  if (mount.options.includes('noexec')) {
    const cause = `${mount.point} is mounted noexec: ${what === 'state' ? 'agents cannot report' : 'checks cannot run programs there'}`;
    found.push(warning('disk.noexec', name, cause, commandLine('sudo', 'mount', '-o', 'remount,exec', mount.point)));
  }
  return found;
};

/** What is to be said about the disk under a place. */
export const judgeDisk = (facts: DiskFacts): readonly Finding[] => {
  const { what, path, writable, freeBytes } = facts;
  const name = nameOf(what);
  const found = [...judgeSpace(facts), ...judgeMount(facts)];
  if (!writable)
    found.unshift(error('disk.read-only', name, `nothing can be written to ${path}`, commandLine('ls', '-ld', path)));
  return found.some(({ severity }) => severity !== 'note')
    ? found
    : [ok('disk.space', name, `${amount(freeBytes)} free at ${path}`), ...found];
};

const unescapeMount = (text: string): string =>
  text.replace(/\\(?<code>[0-7]{3})/gu, (_all, code: string) => String.fromCharCode(Number.parseInt(code, 8)));

/** The mounts in `/proc/self/mountinfo`, in their order. */
export const parseMounts = (text: string): readonly Mount[] =>
  text.split('\n').flatMap((line) => {
    const [before = '', after = ''] = line.split(' - ');
    const point = before.split(' ')[4];
    const options = before.split(' ')[5] ?? '';
    return point === undefined
      ? []
      : [{ point: unescapeMount(point), type: after.split(' ')[0] ?? '', options: options.split(',') }];
  });

/** The mount that a path lies on: the deepest, and of several on one point the last. */
export const mountOf = (path: string, mounts: readonly Mount[]): Mount | undefined => {
  let best: Mount | undefined;
  for (const mount of mounts) {
    const inside = mount.point === '/' || path === mount.point || path.startsWith(`${mount.point}/`);
    if (inside && mount.point.length >= (best?.point.length ?? 0)) best = mount;
  }
  return best;
};

/** The folder itself, or the nearest one above that is there. */
const existing = async (path: string): Promise<string> =>
  path === '/' || (await stat(path).catch(() => null)) ? path : existing(dirname(path));

/** The disks under the state and under the worktrees. */
export const probeDisk: Probe = async ({ place, settings }) => {
  if (!place) return [];
  const limitMb = (settings ?? settingsSchema.parse({})).limits.disk_mb;
  const mounts = parseMounts(await readFile('/proc/self/mountinfo', 'utf8').catch(() => ''));
  const look = async (what: DiskFacts['what'], wanted: string): Promise<readonly Finding[]> => {
    const path = await existing(wanted);
    const { bavail, bsize, files, ffree } = await statfs(path);
    const writable = await access(path, constants.W_OK).then(
      () => true,
      () => false,
    );
    const mount = mountOf(path, mounts);
    const free = { freeBytes: bavail * bsize, freeFiles: files === 0 ? null : ffree };
    return judgeDisk({ what, path, mount, ...free, limitMb, writable });
  };
  const found = await Promise.all([look('state', place.state), look('worktrees', place.worktrees)]);
  return found.flat();
};
