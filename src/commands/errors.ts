import { saidId, saidOption } from '../protocol/say.ts';
import { asSentence, defineError } from '../lib/errors.ts';
import { someOf } from '../lib/names.ts';
import { nearest, shellQuote } from '../lib/text.ts';

const listIds = (ids: readonly string[]): string => someOf(ids, 12);

export const notFound = defineError(
  'target/not-found',
  3,
  (p: { noun: string; id: string; known: readonly string[] }) => {
    const meant = nearest(p.id, p.known);
    const known = p.known.length > 0 ? `Known: ${listIds(p.known)}.` : `There is no ${p.noun} yet.`;
    return {
      message: `There is no ${p.noun} "${p.id}".`,
      hint: meant === undefined ? known : `Did you mean ${meant}? ${known}`,
    };
  },
);

export const oneOnly = defineError('target/one-only', 2, (p: { noun: string; ids: readonly string[] }) => ({
  message: `This takes one ${p.noun}, and ${p.ids.length} are named: ${listIds(p.ids)}.`,
  hint: 'Say it once for each of them.',
}));

export const unknownState = defineError(
  'target/unknown-state',
  2,
  (p: { noun: string; state: string; known: readonly string[] }) => ({
    message: `"${p.state}" is no state of ${/^[aeiou]/u.test(p.noun) ? 'an' : 'a'} ${p.noun}.`,
    hint: `States are: ${p.known.join(', ')}.`,
  }),
);

export const noneMatches = defineError('target/none', 3, (p: { noun: string; filter: string }) => ({
  message: `No ${p.noun} is ${p.filter}.`,
  hint: `Look at "list ${p.noun}s".`,
}));

/** Where those that are at work were meant and none is: who is there all the same, so that nobody thinks it is nobody. */
export const noneAtWork = defineError('target/none-at-work', 3, (p: { others: string }) => ({
  message: `No instance is at work; ${p.others}.`,
  hint: 'To end those as well: stop all instances',
}));

/** A parameter without which a command says nothing, and that no word of the line gives. */
export const lacksParameter = defineError(
  'command/lacks-parameter',
  2,
  (p: { command: string; keys: readonly string[]; example: string }) => ({
    message: `${p.command}: the ${p.keys.join(' and the ')} ${p.keys.length === 1 ? 'is' : 'are'} not said.`,
    hint: `For example: ${p.example}`,
  }),
);

export const badParameter = defineError(
  'command/bad-parameter',
  2,
  (p: { command: string; key: string; issue: string }) => ({
    message: `${p.command}: ${p.key}: ${p.issue}.`,
    hint: `Try "help ${p.command}".`,
  }),
);

export const needsConfirmation = defineError('command/needs-confirmation', 5, (p: { loses: string }) => ({
  message: p.loses,
  hint: 'Repeat it with --yes to confirm.',
}));

export const changedMeanwhile = defineError('command/changed-meanwhile', 6, (p: { what: string }) => ({
  message: `${p.what} changed while it was read, and nothing was done.`,
  hint: 'Say it again.',
}));

export const perhapsDone = defineError('command/perhaps-done', 1, (p: { id: string; what: string }) => ({
  message: `Whether ${p.id} ${p.what} is not known: the daemon ended in the middle of that.`,
  hint: `Look at what it did: show log ${saidId(p.id)}`,
}));

export const notYet = defineError('command/not-yet', 1, (p: { command: string; phase: number }) => ({
  message: `"${p.command}" is understood but not available yet.`,
  hint: p.phase === 1 ? 'It comes with a later version.' : `It comes with phase ${p.phase} of Drover.`,
}));

export const wrongState = defineError(
  'command/wrong-state',
  6,
  (p: { id: string; state: string; wants: string; hint: string }) => ({
    message: `${p.id} is ${p.state}; ${asSentence(p.wants)}`,
    hint: p.hint,
  }),
);

export const onlyPretends = defineError(
  'task/only-pretends',
  6,
  (p: { agent: string; task: string; plan: { name: string; trial: string } | null }) => ({
    message: `${p.agent} only pretends to work, and ${p.task} ${p.plan ? `belongs to the plan ${p.plan.name}` : 'was imported'}: it would be ${p.plan ? 'ticked' : 'called done'} without being done.`,
    hint: `Rehearsal agents that are launched after "set config rehearsal.plans=true" do it all the same${p.plan ? `; or try the plan in a copy: ${p.plan.trial}` : '.'}`,
  }),
);

export const notReviewed = defineError('task/not-reviewed', 6, (p: { id: string; before?: string }) => ({
  message:
    p.before === undefined
      ? `${p.id} is not approved, and the setting "review" is before-merge.`
      : `${p.id} is built on ${p.before}, which nobody has approved, and the setting "review" is before-merge.`,
  hint: `Look at it: review task ${saidId(p.before ?? p.id)}; then: approve task ${saidId(p.before ?? p.id)}`,
}));

export const noBatchYet = defineError('target/no-batch', 3, () => ({
  message: 'Nothing was merged yet.',
  hint: 'To merge what is finished: merge completed branches',
}));

export const noBatchMeant = defineError('target/no-batch-meant', 3, (p: { why: string }) => ({
  message: `No batch ${p.why}.`,
  hint: 'See what became of each: list batches',
}));

export const noSuchLine = defineError('review/no-line', 3, (p: { file: string; line: number; commit: string }) => ({
  message: `${p.file} has no line ${p.line} in ${p.commit.slice(0, 10)}.`,
  hint: 'Name a line of the file as it is in that commit; side=old counts those of the file as it was before.',
}));

export const overLimit = defineError(
  'instance/over-limit',
  6,
  (p: { wanted: number; limit: number; present: number }) => ({
    message: `${p.wanted} more ${p.wanted === 1 ? 'instance' : 'instances'} would make ${p.present + p.wanted}; limits.maxInstances is ${p.limit}.`,
    hint: 'Stop some, or raise limits.maxInstances in .drover/config.json.',
  }),
);

export const nameTaken = defineError('instance/name-taken', 6, (p: { session: string }) => ({
  message: `A tmux session called "${p.session}" exists and is not Drover's.`,
  hint: 'Rename it, or set tmux.socket in .drover/config.json to give Drover a server of its own.',
}));

export const groupTaken = defineError('group/name-taken', 6, (p: { group: string }) => ({
  message: `There is a group "${p.group}" already.`,
  hint: `Put instances into it: set instance ID ${saidOption('group', p.group)}`,
}));

export const badGroup = defineError('group/bad-name', 2, (p: { group: string; issue: string }) => ({
  message: `A group cannot be called "${p.group}": ${p.issue}.`,
  hint: 'Up to 40 letters, digits, and . _ - within; not "none", and no name of an instance.',
}));

export const staleRevision = defineError('task/stale-revision', 6, (p: { id: string; revision: number }) => ({
  message: `${p.id} has changed meanwhile and is at revision ${p.revision}.`,
  hint: `Before you try again, look at it: show task ${saidId(p.id)}`,
}));

export const nothingToDo = defineError('command/nothing', 6, (p: { message: string; hint: string }) => p);

export const unreadable = defineError('file/unreadable', 3, (p: { path: string; what: string }) => ({
  message: `${p.path} cannot be read: ${p.what}.`,
  hint: 'Check the path.',
}));

export const noBase = defineError('branch/no-base', 3, (p: { branch: string }) => ({
  message: `The branch "${p.branch}", which branches.base names, does not exist.`,
  hint: 'Make it, or correct branches.base in .drover/config.json.',
}));

export const fileExists = defineError('file/exists', 5, (p: { file: string }) => ({
  message: `${p.file} is there already and says something else; it is not replaced.`,
  hint: 'Name another file, or say the same with force.',
}));

export const noTextFile = defineError('file/no-text', 6, (p: { file: string }) => ({
  message: `${p.file} is a folder, a device or no text, which is not replaced.`,
  hint: 'Name another file.',
}));

export const specTaken = defineError('spec/name-taken', 6, (p: { name: string; source: string }) => ({
  message: `A spec called "${p.name}" was imported from ${p.source} already.`,
  hint: 'Specs are told apart by the names of their folders: rename one of the two.',
}));

export const badWorktreeName = defineError('worktree/bad-name', 2, (p: { name: string; why: string }) => ({
  message: `A worktree cannot be called "${p.name}": ${p.why}.`,
  hint: 'Choose a word of letters, digits and hyphens, for example: create worktree look-around',
}));

export const worktreesInside = defineError('worktree/inside-repository', 2, (p: { folder: string }) => ({
  message: `Worktrees would lie inside the repository, in ${p.folder}.`,
  hint: 'Have them lie elsewhere, for example beside it: drover config set worktrees.folder "../{repo}-{hash}"',
}));

export const noSuchFolder = defineError('worktree/no-such-folder', 2, (p: { folder: string; commit: string }) => ({
  message: `"${p.folder}", which worktrees.sparse names, is no folder at ${p.commit.slice(0, 10)}, where work begins.`,
  hint: 'Correct the list, as in: drover config set worktrees.sparse \'["apps/web"]\'; [] has all of it checked out.',
}));

export const worktreeExists = defineError('worktree/exists', 6, (p: { name: string; path: string }) => ({
  message: `There is a worktree "${p.name}" already, at ${p.path}.`,
  hint: 'Choose another name, or work there.',
}));

export const worktreeInUse = defineError('worktree/in-use', 6, (p: { name: string; by: string; hint: string }) => ({
  message: `The worktree "${p.name}" is in use: ${p.by}.`,
  hint: p.hint,
}));

export const worktreeUnkept = defineError('worktree/unkept', 6, (p: { name: string; files: string }) => ({
  message: `The worktree "${p.name}" is not removed: no commit can keep ${p.files}.`,
  hint: 'Move it elsewhere, rename it, or have git ignore it; with "force" it is deleted with the worktree.',
}));

export const worktreeReplaced = defineError('worktree/replaced', 6, (p: { path: string }) => ({
  message: `A symbolic link is in the place of the worktree, at ${p.path}; it is not followed.`,
  hint: 'Put the folder back in its place, or remove the worktree, which takes the link away and leaves alone what it leads to.',
}));

export const linkInPlace = defineError('worktree/link-in-place', 6, (p: { path: string }) => ({
  message: `A symbolic link is in the place where the worktree would be, at ${p.path}; it is not followed.`,
  hint: 'Remove the link, or choose another name.',
}));

export const notAWorktree = defineError('worktree/unknown-folder', 3, (p: { path: string }) => ({
  message: `"${p.path}" is no worktree of this repository.`,
  hint: '"git worktree list" shows which there are; "git worktree add" makes one.',
}));

export const notOurWorktree = defineError('worktree/not-ours', 4, (p: { name: string; path: string }) => ({
  message: `"${p.name}" is a worktree of your own, at ${p.path}; Drover touches only those it made or adopted.`,
  hint: `Use git itself, or first say: adopt worktree ${saidId(p.path)}`,
}));

export const branchExists = defineError('branch/exists', 6, (p: { branch: string; commit: string }) => ({
  message: `There is a branch "${p.branch}" already, at ${p.commit.slice(0, 10)}; it is not moved.`,
  hint: 'Choose another name.',
}));

export const noSuchCommit = defineError('branch/no-start', 3, (p: { name: string }) => ({
  message: `There is no branch, tag or commit "${p.name}".`,
  hint: 'Run "git branch --all" to see which branches there are.',
}));

export const badBranchName = defineError('branch/bad-name', 2, (p: { name: string }) => ({
  message: `git does not accept "${p.name}" as the name of a branch.`,
  hint: 'Choose a name without spaces, "..", "~", "^", ":", "?", "*", "[" and "\\", for example: feature/login',
}));

export const revertConflict = defineError('rollback/conflict', 6, (p: { id: string; files: readonly string[] }) => ({
  message: `${p.id} cannot be taken back: what came after it changed the same in ${listIds(p.files)}; nothing was changed.`,
  hint: 'Roll back the later batches first.',
}));

export const batchBranchMoved = defineError('rollback/moved', 6, (p: { id: string; branch: string }) => ({
  message: `${p.branch} does not contain ${p.id} any more; nothing was changed.`,
  hint: `Look at it: git log ${shellQuote(p.branch)}`,
}));

export const noUpstream = defineError('sync/no-upstream', 3, (p: { branch: string }) => ({
  message: `No remote repository has a branch that goes with "${p.branch}".`,
  hint: `Say which with: git branch --set-upstream-to=REMOTE/BRANCH ${shellQuote(p.branch)}`,
}));

export const pushBehind = defineError('sync/push-behind', 6, (p: { branch: string; remote: string }) => ({
  message: `"${p.branch}" was not pushed: "${p.remote}" has commits of it that are missing here.`,
  hint: 'Bring them in first; nothing is ever forced over the work of others.',
}));

export const noSuchPart = defineError('failure/no-such-part', 3, (p: { failure: string; why: string }) => ({
  message: `${p.failure} cannot be made to happen: ${p.why}.`,
  hint: 'What can: "help test failure".',
}));

export const onlyRehearsed = defineError('failure/only-rehearsed', 6, (p: { failure: string }) => ({
  message: `${p.failure} can be made to happen in a rehearsal alone.`,
  hint: `Say it without an instance: "test failure simulate ${p.failure}".`,
}));

export const nobodyOfThatName = defineError('share/no-user', 3, (p: { user: string }) => ({
  message: `This machine has no user "${p.user}".`,
  hint: 'Name somebody who has an account here: "getent passwd" lists them.',
}));

export const peersUnknown = defineError('share/peers-unknown', 6, () => ({
  message:
    'This machine does not say who connects to a socket, or the agent lives on another one: nobody could be kept out.',
  hint: 'Look at "drover doctor", which says what is missing.',
}));

export const notShared = defineError('share/failed', 1, (p: { id: string; user: string }) => ({
  message: `${p.id} could not be shared with ${p.user}, and is not.`,
  hint: 'See why: list events type=instance.unshared',
}));
