import { atLeast, versionIn } from '../lib/version.ts';
import { NOT_INSTALLED } from './layout.ts';
import { SEATBELT, SEATBELT_TRIAL } from './seatbelt.ts';

/** How a program ended that was tried, and what it said. */
type Answer = {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
};

/** What a machine said when a sandbox was tried on it. An answer is null where the program is not there at all. */
export type SandboxFacts = {
  /** The name of the system, as Node tells it. */
  readonly system: string;
  /** `bwrap --version`. */
  readonly version: Answer | null;
  /** A sandbox with the network of the machine, one without, and one inside of another. */
  readonly plain: Answer | null;
  readonly offline: Answer | null;
  readonly nested: Answer | null;
  /** `env --default-signal`, by which an agent in a sandbox gets its Ctrl-C. */
  readonly signals: Answer | null;
  /** What the kernel lets a person do: the text of each of `SWITCHES`, null where the kernel does not have it. */
  readonly switches: Readonly<Record<Switch, string | null>>;
  /** What kind of container this runs in; null for none that is known. */
  readonly container: string | null;
  /** Whether this runs in a user namespace of its own, as programs in a sandbox do. */
  readonly isShutIn: boolean;
};

/** The switches of the kernel that explain why a sandbox was refused. */
const SWITCHES = {
  apparmor: '/proc/sys/kernel/apparmor_restrict_unprivileged_userns',
  clone: '/proc/sys/kernel/unprivileged_userns_clone',
  namespaces: '/proc/sys/user/max_user_namespaces',
} as const;
type Switch = keyof typeof SWITCHES;

/** The oldest bubblewrap with every option that a sandbox here is made of. */
const OLDEST = [0, 8] as const;

const FRESH = [
  ...['--unshare-user', '--unshare-pid', '--cap-drop', 'ALL'],
  ...['--proc', '/proc', '--dev', '/dev', '--ro-bind', '/', '/'],
] as const;
const SIGNALS = ['env', '--default-signal=INT,QUIT', 'true'] as const;
/** Sandboxes that do nothing, by what they are tried for; the first is all of it in one. */
const TRIALS = {
  whole: [...FRESH, '--unshare-net', 'bwrap', ...FRESH, ...SIGNALS],
  plain: [...FRESH, 'true'],
  offline: [...FRESH, '--unshare-net', 'true'],
  nested: [...FRESH, 'bwrap', ...FRESH, 'true'],
} as const;

/** What the machine is looked at with. `run` gives null for a program that is not there. */
export type ProbeTools = {
  readonly system: string;
  readonly run: (file: string, args: readonly string[]) => Promise<Answer | null>;
  /** The text of a file; null where there is none. */
  readonly read: (path: string) => Promise<string | null>;
};

const containerOf = async ({ read }: ProbeTools): Promise<string | null> => {
  if ((await read('/run/.containerenv')) !== null) return 'podman';
  return (await read('/.dockerenv')) === null ? null : 'docker';
};

/** Where a user namespace is not the first one its users have other numbers outside, or not all of them are there. */
const isShutInBy = (map: string | null): boolean => map !== null && !/^\s*0\s+0\s+4294967295\s*$/u.test(map);

/** Tries what a sandbox needs, by doing it: what a kernel says that it allows is not what it allows. */
export const probeSandbox = async (tools: ProbeTools): Promise<SandboxFacts> => {
  const { system, run, read } = tools;
  const unknown = { apparmor: null, clone: null, namespaces: null };
  const none = {
    plain: null,
    offline: null,
    nested: null,
    signals: null,
    switches: unknown,
    container: null,
    isShutIn: false,
  };
  if (system === 'darwin') {
    const plain = await run(SEATBELT, SEATBELT_TRIAL);
    return { system, version: null, ...none, plain };
  }
  const version = system === 'linux' ? await run('bwrap', ['--version']) : null;
  if (version === null) return { system, version, ...none };
  const whole = await run('bwrap', TRIALS.whole);
  if (whole?.code === 0 || whole?.timedOut)
    return { system, version, ...none, plain: whole, offline: whole, nested: whole, signals: whole };
  // Only where something fails it is found out what: most machines need two programs for the answer.
  const [plain, offline, nested, signals, apparmor, clone, namespaces, container, users] = await Promise.all([
    run('bwrap', TRIALS.plain),
    run('bwrap', TRIALS.offline),
    run('bwrap', TRIALS.nested),
    run(SIGNALS[0], SIGNALS.slice(1)),
    read(SWITCHES.apparmor),
    read(SWITCHES.clone),
    read(SWITCHES.namespaces),
    containerOf(tools),
    read('/proc/self/uid_map'),
  ]);
  const switches = { apparmor, clone, namespaces };
  return { system, version, plain, offline, nested, signals, switches, container, isShutIn: isShutInBy(users) };
};

/** What keeps a machine from having sandboxes: `cause` is a sentence without its point, `repair` a line for a shell. */
export type SandboxLack = {
  readonly kind:
    | 'system'
    | 'missing'
    | 'silent'
    | 'too-old'
    | 'switched-off'
    | 'apparmor'
    | 'container'
    | 'shut-in'
    | 'refused'
    | 'no-network'
    | 'signals'
    | 'not-nested';
  readonly cause: string;
  readonly repair: string | null;
};

/** What a machine can do of sandboxes, by its facts. */
export type SandboxVerdict = {
  /** Why agents cannot have one; null when they can. */
  readonly lack: SandboxLack | null;
  /** Why nothing can be kept from the network; null when it can, or when there is no sandbox at all. */
  readonly network: SandboxLack | null;
  readonly version: string;
  /** Why the sandboxes that agents make for themselves do not start in ours; null when they do, or when there is none. */
  readonly nested: SandboxLack | null;
};

/** The profile by which Ubuntu lets bubblewrap have what it keeps from all other programs. */
const APPARMOR_REPAIR = [
  "printf 'abi <abi/4.0>,\\ninclude <tunables/global>\\nprofile bwrap /usr/bin/bwrap flags=(unconfined) {\\n  userns,\\n}\\n'",
  'sudo tee /etc/apparmor.d/bwrap >/dev/null && sudo apparmor_parser -r /etc/apparmor.d/bwrap',
].join(' | ');

const CONTAINER_OPTIONS =
  '--security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined';

const succeeded = (exit: Answer | null): boolean => exit?.code === 0;

/** The last words of a program that failed, for the end of a sentence. */
const wordsOf = (exit: Answer | null, program = 'bwrap'): string => {
  const said = (exit?.stderr ?? '').trim().split('\n').at(-1)!.replace(/\.$/u, '').slice(0, 160);
  return said === '' ? `${program} ended with ${exit?.code ?? exit?.signal ?? 'nothing'}` : said;
};

/** Why a trial was refused: what is switched off for certain comes first, then what usually is the reason. */
const refusal = (trial: Answer | null, { switches, container, isShutIn }: SandboxFacts): SandboxLack => {
  const said = wordsOf(trial);
  if (switches.clone?.trim() === '0') {
    const cause = 'the kernel gives namespaces to root alone (kernel.unprivileged_userns_clone is 0)';
    return { kind: 'switched-off', cause, repair: 'sudo sysctl kernel.unprivileged_userns_clone=1' };
  }
  if (switches.namespaces?.trim() === '0') {
    const cause = 'the kernel gives nobody a user namespace (user.max_user_namespaces is 0)';
    return { kind: 'switched-off', cause, repair: 'sudo sysctl user.max_user_namespaces=15000' };
  }
  if (container !== null) {
    const cause = `the ${container} container that this runs in allows no namespaces: ${said}`;
    return { kind: 'container', cause, repair: `${container} run ${CONTAINER_OPTIONS} …` };
  }
  if (switches.apparmor?.trim() === '1') {
    const cause = `AppArmor keeps bubblewrap from its rights in a namespace: ${said}`;
    return { kind: 'apparmor', cause, repair: APPARMOR_REPAIR };
  }
  if (isShutIn) {
    const cause = `Drover runs in a sandbox itself, which lets none be made inside: ${said}; start Drover outside of it, or that sandbox so that it allows user namespaces (with bubblewrap: without --disable-userns)`;
    return { kind: 'shut-in', cause, repair: null };
  }
  return { kind: 'refused', cause: `this machine refuses one: ${said}`, repair: null };
};

/** Fewer user namespaces than this do not last for sandboxes in sandboxes. */
const FEW_NAMESPACES = 100;

/** Why no sandbox starts in one of ours, and how that is changed. */
const nestedLackIn = (facts: SandboxFacts): SandboxLack => {
  const { nested, switches } = facts;
  const few = switches.namespaces?.trim() ?? '';
  if (/^\d+$/u.test(few) && Number(few) < FEW_NAMESPACES) {
    const cause = `the kernel allows only ${few} user namespaces (user.max_user_namespaces)`;
    return { kind: 'not-nested', cause, repair: 'sudo sysctl user.max_user_namespaces=15000' };
  }
  return { ...refusal(nested, facts), kind: 'not-nested' };
};

/** What systems have that are not Linux. */
const otherSystem = ({ system, plain }: SandboxFacts): string => {
  if (system !== 'darwin') return 'a sandbox is made of namespaces, which Linux alone has';
  if (!succeeded(plain))
    return `macOS has none for agents, and ${SEATBELT}, for checks, does not work: ${wordsOf(plain, SEATBELT)}`;
  return `macOS has none for agents; checks alone can be in one, by ${SEATBELT}, which nobody has tried so far (docs/sandbox.md)`;
};

const lackIn = (facts: SandboxFacts, version: string, install: string): SandboxLack | null => {
  const { system, plain, signals } = facts;
  if (system !== 'linux') return { kind: 'system', cause: otherSystem(facts), repair: null };
  if (facts.version === null) return { kind: 'missing', cause: NOT_INSTALLED, repair: install };
  if (facts.version.timedOut || plain?.timedOut)
    return { kind: 'silent', cause: 'bubblewrap does not answer', repair: install };
  if (version === '' || !atLeast(version, OLDEST)) {
    const cause = `bubblewrap ${version || 'of an unknown version'} is too old, ${OLDEST.join('.')} is needed`;
    return { kind: 'too-old', cause, repair: install };
  }
  if (!succeeded(plain)) return refusal(plain, facts);
  if (succeeded(signals)) return null;
  const cause = 'env takes no --default-signal (coreutils 8.31), so that Ctrl-C would not reach an agent';
  return { kind: 'signals', cause, repair: install.replace(/\S+$/u, 'coreutils') };
};

/** What is to be said of sandboxes on a machine; `install` is the command that installs bubblewrap there. */
export const judgeSandbox = (facts: SandboxFacts, install: string): SandboxVerdict => {
  const version = facts.version?.code === 0 ? versionIn(facts.version.stdout) : '';
  const lack = lackIn(facts, version, install);
  const cut = lack === null && !succeeded(facts.offline);
  const network: SandboxLack | null = cut
    ? {
        kind: 'no-network',
        cause: `this machine gives no network of its own: ${wordsOf(facts.offline)}`,
        repair: refusal(facts.offline, facts).repair,
      }
    : null;
  return { lack, network, version, nested: lack !== null || succeeded(facts.nested) ? null : nestedLackIn(facts) };
};
