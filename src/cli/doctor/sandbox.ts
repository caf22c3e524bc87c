import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { adapterOrStranger, agentNames } from '../../agents/index.ts';
import { type Loss, lossOf } from '../../daemon/sandbox/loss.ts';
import { localFiles } from '../../files/open.ts';
import { someOf } from '../../lib/names.ts';
import { oneLine } from '../../lib/text.ts';
import { readBound } from '../../process/bound-sockets.ts';
import { programIn } from '../../process/in-path.ts';
import { procText } from '../../process/proc-files.ts';
import { FILTER_TRIAL, SCOPE_TRIAL } from '../../sandbox/open.ts';
import { judgeSandbox, probeSandbox, type SandboxLack, type SandboxVerdict } from '../../sandbox/probe.ts';
import { PERL } from '../../sandbox/scope.ts';
import { findMode, modeNames } from '../../state/modes.ts';
import { isUnasked, networkFor, sandboxFor, sandboxForChecks } from '../../state/sandbox-choice.ts';
import type { Settings } from '../../state/settings.ts';
import { emptySwarm } from '../../state/swarm.ts';
import { ask, type Examination, type Probe } from './examination.ts';
import { error, type Finding, note, ok, warning } from './finding.ts';
import { probeWayOut } from './way-out.ts';

const IDS: Readonly<Record<SandboxLack['kind'], Finding['id']>> = {
  system: 'sandbox.no-linux',
  missing: 'sandbox.missing',
  silent: 'sandbox.no-answer',
  'too-old': 'sandbox.too-old',
  'switched-off': 'sandbox.switched-off',
  apparmor: 'sandbox.apparmor',
  container: 'sandbox.container',
  'shut-in': 'sandbox.shut-in',
  refused: 'sandbox.refused',
  'no-network': 'sandbox.no-network',
  signals: 'sandbox.signals',
  'not-nested': 'sandbox.not-nested',
};

/** What the settings ask of sandboxes. */
export type SandboxWish = {
  readonly sandbox: boolean;
  /** Whether somebody is to be kept from the network, and whether some agent is not. */
  readonly network: boolean;
  readonly open: boolean;
  /** Without one nothing starts. */
  readonly firmly: boolean;
};

const NONE: SandboxWish = { sandbox: false, network: false, open: false, firmly: false };

/** What is asked for anywhere in the settings: for the repository, an agent, a run profile, or checks. */
export const wishIn = (settings: Pick<Settings, 'agents' | 'modes' | 'sandbox'> | undefined): SandboxWish => {
  if (!settings) return NONE;
  const { agents, modes, sandbox } = settings;
  if (sandbox.need === 'off') return NONE;
  const own = [...Object.values(agents), ...Object.values(modes)].map((one) => one.sandbox ?? 'off');
  const isLeft = modeNames(settings).some((name) => findMode(name, settings)?.enabled && isUnasked(settings, name));
  const networks = [sandbox.mode ?? (isLeft ? 'worktree' : 'off'), ...own].map((mode) => ({
    mode,
    network: networkFor(settings, mode),
  }));
  const wanted = [...networks, sandboxForChecks(settings, emptySwarm)].filter(({ mode }) => mode !== 'off');
  return {
    sandbox: wanted.length > 0,
    network: wanted.some(({ network }) => network !== 'on'),
    open: networks.some(({ mode, network }) => mode !== 'off' && network === 'on'),
    firmly: sandbox.need === 'required',
  };
};

/** What is missing keeps from working only who asked for it: for all others it is worth knowing, and no more. */
const lacking = ({ kind, cause, repair }: SandboxLack, { sandbox, firmly }: SandboxWish): Finding => {
  const weigh = sandbox ? (firmly ? error : warning) : ok;
  const finding = weigh(IDS[kind], 'sandbox', sandbox ? cause : `is off, and could not be on here: ${cause}`);
  return { ...finding, ...(repair === null ? {} : { repair, ...(sandbox ? {} : { label: 'to have one' }) }) };
};

/** What an agent in a sandbox has all the same where nobody has said otherwise. */
const OPEN = '; its agents reach the network and the services of this machine as you do (sandbox.network)';

/** The one finding about sandboxes: what is missing first, by what the settings ask for. */
export const judgeSandboxes = ({ lack, network, version, nested }: SandboxVerdict, wish: SandboxWish): Finding => {
  if (lack) return lacking(lack, wish);
  if (network && wish.network) return lacking(network, wish);
  const can = `bubblewrap ${version}${network ? ', but nothing can be kept from the network' : ''}`;
  if (!wish.sandbox) return ok('sandbox.off', 'sandbox', `is off; it could be on here, by ${can}`);
  if (!nested) return ok('sandbox.ready', 'sandbox', `by ${can}${wish.open ? OPEN : ''}`);
  const off =
    'switch those off where you need them less: "sandbox": {"enabled": false} in the settings of Claude Code, sandbox_mode = "danger-full-access" in those of Codex';
  const cause = `${can}; the sandboxes of agents themselves do not start in it: ${nested.cause}; ${off}`;
  const found = warning('sandbox.not-nested', 'sandbox', cause, nested.repair ?? undefined);
  return nested.repair === null ? found : { ...found, label: 'to let them start' };
};

/** Where the kernel lets a program type into its own terminal. */
const TYPES = '/proc/sys/dev/tty/legacy_tiocsti';

/**
 * What a sandbox leaves open, where the kernel takes no filter for it, that the kernel could close: its terminal is all that an
 * agent shares with who looks at it.
 */
export const judgeTyping = (
  switched: string | null,
  { lack }: SandboxVerdict,
  wish: SandboxWish,
): readonly Finding[] =>
  switched?.trim() === '1' && lack === null && wish.sandbox
    ? [
        note(
          'sandbox.typing',
          'sandbox',
          'the kernel lets an agent type into its own terminal (dev.tty.legacy_tiocsti is 1); no shell of yours reads there, but a program that you start in that pane would',
          'sudo sysctl -w dev.tty.legacy_tiocsti=0',
        ),
      ]
    : [];

/** What the login of an agent means for the sandboxes that it is to have: `said` where somebody asked for one. */
const judgeLogin = (agent: string, said: boolean, loss: Loss | null): Finding => {
  if (loss === null) return ok('sandbox.login', agent, 'what it needs of your home can be in its sandboxes');
  const what = said
    ? 'is to be in a sandbox, but'
    : 'runs without the sandbox that is the default where it asks nothing:';
  const weigh = loss.repair === undefined ? note : warning;
  return weigh('sandbox.login', agent, `${what} ${loss.why}`, loss.repair);
};

/** Whether the agents that are here, and are to be in a sandbox in some run profile, can have a home of their own there. */
export const probeLogins = async ({
  env,
  settings,
}: Pick<Examination, 'env' | 'settings'>): Promise<readonly Finding[]> => {
  if (!settings) return [];
  const modes = [null, ...modeNames(settings).filter((name) => findMode(name, settings)?.enabled)];
  const found: Finding[] = [];
  for (const agent of agentNames(settings)) {
    const wanted = modes.map((mode) => sandboxFor(settings, { agent, mode })).filter(({ mode }) => mode !== 'off');
    const { adapter } = adapterOrStranger(agent, settings);
    if (wanted.length === 0 || adapter.pretends || programIn(env['PATH'] ?? '', adapter.program) === undefined)
      continue;
    const loss = await lossOf({ settings }, { env, files: localFiles }, adapter);
    found.push(
      judgeLogin(
        agent,
        wanted.some(({ said }) => said),
        loss,
      ),
    );
  }
  return found;
};

/** What of a sandbox the kernel makes, beside namespaces, where it can; null where nobody needs that. */
export type KernelParts = {
  readonly filter: boolean | null;
  readonly scope: boolean | null;
  /** Whether the program is there that asks it for the second one. */
  readonly hasPerl: boolean;
  /** The sockets without a path at which programs listen now. */
  readonly abstract: readonly string[];
};

/** So many of them are named. */
const NAMED = 5;

/** What sandboxes leave open here that they close elsewhere: they are made without, and nobody else says so. */
export const judgeKernel = ({ filter, scope, hasPerl, abstract }: KernelParts, install: string): readonly Finding[] => {
  const keys =
    'the kernel takes no filter for calls, so that agents in a sandbox have the keys that it keeps for your session (keyctl), and reach the machine that this one runs in (AF_VSOCK)';
  const now = abstract.length > 0 ? ` (now ${someOf(abstract.map(oneLine), NAMED)})` : '';
  const why = hasPerl
    ? 'the kernel closes none of them (Linux 6.12 does)'
    : `${PERL} is missing, by which they are closed`;
  const open = `agents in a sandbox reach sockets without a path${now}: ${why}`;
  const closing = {
    label: 'to close them',
    repair: hasPerl ? 'drover config set sandbox.network allow-list' : install,
  };
  return [
    ...(filter === false ? [note('sandbox.keys', 'sandbox', keys)] : []),
    ...(scope === false ? [{ ...note('sandbox.abstract', 'sandbox', open), ...closing }] : []),
  ];
};

const succeeds = async (examination: Examination, [file = '', ...args]: readonly string[]): Promise<boolean> =>
  (await ask(examination, file, args))?.code === 0;

const findKernelParts = async (
  examination: Examination,
  { lack }: SandboxVerdict,
  wish: SandboxWish,
): Promise<KernelParts> => {
  const isMade = lack === null && wish.sandbox;
  const scope = isMade && wish.open ? await succeeds(examination, SCOPE_TRIAL) : null;
  const names = scope === false ? readBound(procText('/proc/net/unix')) : [];
  return {
    filter: isMade ? await succeeds(examination, FILTER_TRIAL) : null,
    scope,
    hasPerl: existsSync(PERL),
    abstract: names.filter((name) => name.startsWith('@')),
  };
};

/** Whether agents could have a sandbox here: it is tried, because what a kernel says of itself is not enough. */
export const probeSandboxes: Probe = async (examination) => {
  const facts = await probeSandbox({
    system: process.platform,
    run: (file, args) => ask(examination, file, args),
    read: (path) => readFile(path, 'utf8').catch(() => null),
  });
  const verdict = judgeSandbox(facts, examination.install('bubblewrap'));
  const wish = wishIn(examination.settings);
  const typing = await readFile(TYPES, 'utf8').catch(() => null);
  const parts = await findKernelParts(examination, verdict, wish);
  const logins = verdict.lack === null ? await probeLogins(examination) : [];
  const ways = verdict.lack === null ? await probeWayOut(examination) : [];
  return [
    judgeSandboxes(verdict, wish),
    ...logins,
    ...ways,
    ...judgeTyping(parts.filter ? null : typing, verdict, wish),
    ...judgeKernel(parts, examination.install('perl')),
  ];
};
