import { asSentence, defineError } from '../lib/errors.ts';
import { saidId } from '../protocol/say.ts';

export const otherEncoding = defineError<{ path: string; encoding: string }>('file/encoding', 3, (p) => ({
  message: `${p.path} cannot be read: it is ${p.encoding}.`,
  hint: 'Save it as UTF-8.',
}));

export const badConfiguration = defineError(
  'config/invalid',
  2,
  (p: { file: string; line: number | null; issue: string; hint: string }) => ({
    message: `${p.file}${p.line === null ? '' : `:${p.line}`}: ${p.issue}.`,
    hint: p.hint,
  }),
);

export const pastUnread = defineError('events/unread', 1, (p: { why: string }) => ({
  message: `past events could not be read: ${p.why}`,
  hint: 'Let "drover doctor" say what is wrong. What happens from now on is told without --from.',
}));

export const unsafeTrust = defineError('trust/unsafe', 4, (p: { folder: string }) => ({
  message: `What you trust cannot be kept in ${p.folder}: it is no folder of your own.`,
  hint: 'Remove it, or set XDG_STATE_HOME to a folder of yours.',
}));

export const trustMoved = defineError('trust/moved', 6, (p: { hash: string; now: string }) => ({
  message: `What the file can run or allow is not what ${p.hash} names, but ${p.now}; nothing was trusted.`,
  hint: 'Look at what it says now: drover trust --show',
}));

export const unknownVersion = defineError(
  'config/no-version',
  3,
  (p: { version: number; known: readonly number[] }) => ({
    message: `There is no version ${p.version} of the settings.`,
    hint:
      p.known.length === 0
        ? 'There is none yet.'
        : `Known: ${p.known.at(0)} to ${p.known.at(-1)}. See: drover config history`,
  }),
);

export const sandboxMissing = defineError(
  'sandbox/missing',
  1,
  (p: { instance: string; mode: string; why: string }) => ({
    message: `${p.instance} is not started: it is to be in a sandbox (${p.mode}), and can have none: ${p.why}.`,
    hint: '"drover doctor" says how to have one, docs/sandbox.md what else it takes; or let it start without: drover config set sandbox.need if-available',
  }),
);

export const sandboxKept = defineError(
  'sandbox/kept',
  1,
  (p: { instance: string; agent: string; mode: string; why: string }) => ({
    message: `${p.instance} is not started: programs before it in its worktree were in a sandbox (${p.mode}), so that it is to be in one, and ${p.why}.`,
    hint: `Then start it again; or let it run what they left there as you: drover config set agents.${p.agent}.sandbox off`,
  }),
);

export const setUpFailed = defineError(
  'worktree/set-up',
  1,
  (p: { name: string; how: string; last: string; log: string }) => ({
    message: `the set-up of the worktree ${p.name} ${p.how}: ${p.last}`,
    hint: `All of it is in ${p.log}.`,
  }),
);

export const outOfPorts = defineError(
  'worktree/no-ports',
  1,
  (p: { instance: string; each: number; from: number }) => ({
    message: `there are no ${p.each} free ports in a row from ${p.from} on for ${p.instance}`,
    hint: 'Have them begin elsewhere: drover config set worktrees.ports.from 40000',
  }),
);

export const branchMoved = defineError('merge/moved', 6, (p: { branch: string; batch: string }) => ({
  message: `${p.branch} was moved by somebody else while ${p.batch} was running`,
  hint: 'It is left as they made it. Merge what is left onto it: merge completed branches.',
}));

export const redGround = defineError(
  'merge/red-ground',
  6,
  (p: { branch: string; commit: string; problem: string; help: string }) => ({
    message: `${p.branch} fails without any of them, at ${p.commit.slice(0, 10)}: ${p.problem}; ${p.help}`,
    hint: 'It can be repaired in the integration worktree as well.',
  }),
);

export const rehearsalFailed = defineError('rehearsal/failed', 1, (p: { why: string }) => ({
  message: asSentence(`The test swarm did not finish: ${p.why}`),
  hint: 'Run "drover rehearse" in a terminal to see more.',
}));

export const unlistedProcesses = defineError('pause/no-list', 1, (p: { why: string }) => ({
  message: `The processes of this machine cannot be listed: ${p.why}.`,
  hint: 'Pausing needs the program "ps" with the options -A, -ww and -o.',
}));

export const rootRefused = defineError('agents/root', 4, (p: { agent: string; mode: string; variable: string }) => ({
  message: `${p.agent} does not start in ${p.mode} mode as root, because nothing would hold it back.`,
  hint: `Run Drover as another user; or, if this machine is a sandbox, set "agents.${p.agent}.env.${p.variable}" to "1".`,
}));

export const restless = defineError('pause/restless', 1, (p: { id: string; count: number }) => ({
  message: `${p.id} starts programs faster than they can be stopped: ${p.count} still run.`,
  hint: `To end it instead: stop instance ${saidId(p.id)} force`,
}));

export const boxInUse = defineError('daemon/box-in-use', 6, (p: { id: string }) => ({
  message: `somebody has typed a line in the terminal of ${p.id} and not sent it`,
  hint: `Send or clear it there: attach instance ${saidId(p.id)}. Then say this again.`,
}));

export const asksMeanwhile = defineError('daemon/asks', 6, (p: { id: string }) => ({
  message: `${p.id} asks something by now, and what is typed would be its answer`,
  hint: `It has to be answered, approved or denied before: answer ${saidId(p.id)} …`,
}));

export const answerUnclear = defineError('daemon/answer-unclear', 6, (p: { id: string; why: string }) => ({
  message: `${p.id} was not answered: ${p.why}`,
  hint: `Answer in its terminal: attach instance ${saidId(p.id)}.`,
}));

export const machineUnknown = defineError('machine/unknown', 3, (p: { host: string }) => ({
  message: `no machine is called "${p.host}"`,
  hint: 'Instances that live there are out of reach until the daemon knows that machine again.',
}));

export const secretsUntold = defineError('launch/secrets', 1, (p: { path: string; why: string }) => ({
  message: `the secrets of an agent could not be given to it through "${p.path}": ${p.why}`,
  hint: 'Restart the instance; "drover doctor" looks at the machine.',
}));

export const socketTaken = defineError('daemon/socket-taken', 6, () => ({
  message: 'the socket was removed or replaced while this daemon ran: nobody finds it any more',
  hint: 'This one ends; the next command starts one, unless another runs already. Nothing that was acknowledged is lost.',
}));

export const settingsElsewhere = defineError('config/elsewhere', 6, (p: { file: string; real: string }) => ({
  message: `${p.file} leads to ${p.real}, which is no file of settings and is not replaced`,
  hint: 'Remove the link, then say this again.',
}));

export const unforeseen = defineError('daemon/bug', 1, (p: { what: string }) => ({
  message: `the daemon failed in a way that nobody foresaw: ${p.what}`,
  hint: 'This is a bug, and part of the command may have been carried out. "drover daemon logs" says where; report that.',
}));

export const fileInTheWay = defineError('daemon/in-the-way', 1, (p: { path: string; cause: string }) => ({
  message: `the daemon cannot use ${p.path}: ${p.cause}`,
  hint: 'Let "drover doctor" say what lies there; "drover doctor --fix" sets aside what is in the way.',
}));

export const startRefused = defineError(
  'daemon/start-refused',
  1,
  (p: { what: string; cause: string; hint: string }) => ({
    message: `the daemon cannot start: ${p.cause} (${p.what})`,
    hint: `${p.hint}, then try again.`,
  }),
);

export const folderNotGiven = defineError('sandbox/folder', 2, (p: { key: string; path: string; why: string }) => ({
  message: `${p.key} names ${p.path}, which no sandbox gets: ${p.why}`,
  hint: `Take it out of "${p.key}", or name what is needed of it.`,
}));

export const checkNotShutIn = defineError('sandbox/check', 1, (p: { what: string; key: string; why: string }) => ({
  message: `${p.what} are to run in a sandbox, and this machine has none: ${p.why}`,
  hint: `Let "drover doctor" say how to get one; with "${p.key}" off they run without.`,
}));

export const worktreeRemoved = defineError('worktree/removed', 3, (p: { name: string }) => ({
  message: `There is no worktree "${p.name}" any more: it was removed a moment ago.`,
  hint: 'See which there are with: list worktrees',
}));
