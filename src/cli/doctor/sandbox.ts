import { readFile } from 'node:fs/promises';
import { FILTER_TRIAL } from '../../sandbox/open.ts';
import { judgeSandbox, probeSandbox, type SandboxLack, type SandboxVerdict } from '../../sandbox/probe.ts';
import { findMode, modeNames } from '../../state/modes.ts';
import { isUnasked, networkFor, sandboxForChecks } from '../../state/sandbox-choice.ts';
import type { Settings } from '../../state/settings.ts';
import { emptySwarm } from '../../state/swarm.ts';
import { ask, type Probe } from './examination.ts';
import { error, type Finding, note, ok, warning } from './finding.ts';

const IDS: Readonly<Record<SandboxLack['kind'], Finding['id']>> = {
  system: 'sandbox.no-linux',
  missing: 'sandbox.missing',
  silent: 'sandbox.no-answer',
  'too-old': 'sandbox.too-old',
  'switched-off': 'sandbox.switched-off',
  apparmor: 'sandbox.apparmor',
  container: 'sandbox.container',
  refused: 'sandbox.refused',
  'no-network': 'sandbox.no-network',
  signals: 'sandbox.signals',
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
  if (nested) return ok('sandbox.ready', 'sandbox', `by ${can}${wish.open ? OPEN : ''}`);
  const cause = `${can}; the sandboxes of agents themselves do not start in it, so switch those off`;
  return warning('sandbox.not-nested', 'sandbox', cause);
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
  const [file = '', ...args] = FILTER_TRIAL;
  const isClosed = verdict.lack === null && wish.sandbox && (await ask(examination, file, args))?.code === 0;
  return [judgeSandboxes(verdict, wish), ...judgeTyping(isClosed ? null : typing, verdict, wish)];
};
