import { linesOf } from '../lib/text.ts';
import type { Git } from '../ports/index.ts';
import { fetchFailed, pushRefused } from './errors.ts';
import { refOf } from './parse.ts';
import { resolveWith } from './refs.ts';
import { LONG_MS, type RunGit, reasonOf } from './run.ts';

/** So long a remote is waited for where nobody can see whether anything comes of it. */
const BLIND_MS = 60_000;
const FETCH_MS = process.platform === 'linux' ? LONG_MS : BLIND_MS;

/**
 * Whatever would ask a person for a password ends with an error: nobody sees the question. The person's own way to
 * start ssh is kept.
 */
const silently = async (run: RunGit) => {
  const own = (await run(['config', '--get', 'core.sshCommand'], { accept: [0, 1] })).stdout.trim();
  const ssh = `${own === '' ? 'ssh' : own} -o BatchMode=yes -o ConnectTimeout=15`;
  return {
    env: { GIT_ASKPASS: '', SSH_ASKPASS: '', GCM_INTERACTIVE: 'never', GIT_SSH_COMMAND: ssh },
    config: ['core.askPass=', 'http.lowSpeedLimit=1', 'http.lowSpeedTime=60'],
    timeoutMs: FETCH_MS,
  };
};

/** Branches of other repositories: looked up, fetched and, never by force, pushed. */
export const openRemotes = ({ run }: { run: RunGit }): Pick<Git, 'upstreamOf' | 'fetchBranch' | 'pushBranch'> => {
  const remotes = async (): Promise<readonly string[]> => linesOf((await run(['remote'])).stdout);

  const upstreamOf: Git['upstreamOf'] = async (branch) => {
    const format = '--format=%(upstream:remotename)%00%(upstream:remoteref)%00%(upstream)';
    const { stdout } = await run(['for-each-ref', format, refOf(branch)]);
    const [remote = '', ref = '', tracking = ''] = stdout.replace(/\n[\s\S]*$/u, '').split('\0');
    if (remote !== '' && remote !== '.' && tracking.startsWith('refs/remotes/')) return { remote, ref, tracking };
    const all = await remotes();
    const usual = all.includes('origin') ? 'origin' : all.length === 1 ? all[0] : undefined;
    if (usual === undefined) return null;
    return { remote: usual, ref: refOf(branch), tracking: `refs/remotes/${usual}/${branch}` };
  };

  const fetchBranch: Git['fetchBranch'] = async ({ remote, ref, tracking }) => {
    const flags = ['--quiet', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules', '--no-auto-maintenance'];
    const args = ['fetch', ...flags, remote, `+${ref}:${tracking}`];
    const exit = await run(args, { ...(await silently(run)), accept: 'any' });
    if (exit.code === 0) return resolveWith(run, tracking);
    if (/couldn't find remote ref/u.test(exit.stderr)) return null;
    throw fetchFailed({ remote, reason: reasonOf(exit) });
  };

  const pushBranch: Git['pushBranch'] = async ({ remote, ref }, { commit, expected }) => {
    const flags = ['--porcelain', '--no-verify', '--no-follow-tags', '--recurse-submodules=no'];
    const lease = `--force-with-lease=${ref}:${expected ?? ''}`;
    const args = ['push', ...flags, lease, remote, `${commit}:${ref}`];
    const exit = await run(args, { ...(await silently(run)), accept: 'any' });
    if (exit.code !== 0) throw pushRefused({ remote, ref, reason: reasonOf(exit) });
  };

  return { upstreamOf, fetchBranch, pushBranch };
};
