import { defineError } from '../lib/errors.ts';
import { hasUnseen, oneLine, shellQuote, shorten, visible } from '../lib/text.ts';

/** The command that removes a file, where a person could type its name. */
const removal = (path: string): string => (hasUnseen(path) || path.includes('\n') ? '' : `: rm ${shellQuote(path)}`);

const INSTALL =
  'Debian/Ubuntu "sudo apt install git", Fedora "sudo dnf install git", Arch "sudo pacman -S git", Homebrew "brew install git"';

export const gitMissing = defineError('git/missing', 1, () => ({
  message: 'git was not found',
  hint: `Install git 2.38 or newer: ${INSTALL}.`,
}));

export const gitTooOld = defineError('git/too-old', 1, (p: { version: string }) => ({
  message: `git ${p.version} is too old, 2.38 or newer is needed`,
  hint: `Update git: ${INSTALL}.`,
}));

export const notARepository = defineError('git/not-a-repository', 2, (p: { folder: string }) => ({
  message: `"${p.folder}" is not in a git repository`,
  hint: 'Go to a repository, or make one with "git init".',
}));

export const noCheckout = defineError('git/no-checkout', 2, (p: { folder: string }) => ({
  message: `"${p.folder}" is a bare repository or the inside of a git directory and has no checkout`,
  hint: 'Go to a checkout of it; "git worktree add ../checkout" makes one.',
}));

export const noCommit = defineError('git/no-commit', 2, (p: { folder: string }) => ({
  message: `the repository "${p.folder}" has no commit yet`,
  hint: 'Make one: git commit --allow-empty -m "first"',
}));

export const unsafeOwner = defineError('git/unsafe-owner', 4, (p: { folder: string }) => ({
  message: `git does not trust "${p.folder}", because it belongs to somebody else`,
  hint: 'If you trust it, run the "git config --global --add safe.directory …" that "git status" proposes there.',
}));

export const reftable = defineError('git/reftable', 2, (p: { folder: string }) => ({
  message: `the repository "${p.folder}" keeps its branches in the format "reftable", which Drover does not read`,
  hint: 'Before it has other worktrees, "git refs migrate --ref-format=files" (git 2.46 or newer) changes that; or clone it with "git clone --ref-format=files".',
}));

export const gitFailed = defineError('git/failed', 1, (p: { command: string; reason: string }) => ({
  message: `"git ${p.command}" failed: ${p.reason}`,
  hint: 'Run the same in a terminal to see more; "git fsck" tells whether the repository is sound.',
}));

export const gitBusy = defineError('git/busy', 6, (p: { reason: string }) => ({
  message: `another git process holds a lock: ${p.reason}`,
  hint: 'Try again; if no git runs any more, delete the lock file that is named.',
}));

export const noSandboxHere = defineError('git/no-sandbox', 1, (p: { path: string }) => ({
  message: `${p.path} has a git directory that is only opened in a sandbox, and there is none here`,
  hint: 'Run it on the machine where it was made; "drover doctor" says what a sandbox needs.',
}));

export const sandboxGone = defineError('git/sandbox-gone', 1, (p: { path: string }) => ({
  message: `bubblewrap ("bwrap") was not found: git is only called behind it in ${p.path}, where an agent was shut in`,
  hint: 'Install it again, e.g. "sudo apt install bubblewrap"; "drover doctor" says what a sandbox needs.',
}));

export const filtersUnshut = defineError('git/filters', 1, (p: { path: string; why: string; mark: string }) => ({
  message: `git is not called in ${p.path}: agents that were shut in have written files here, a filter of yours could run what they wrote, and there is no sandbox for it: ${p.why}`,
  hint: `"drover doctor" says what a sandbox needs. Where you know what the agents wrote, and run it anyway, remove ${p.mark}.`,
}));

export const tooMuchInside = defineError('git/too-much', 1, (p: { path: string; mib: number; most: number }) => ({
  message: `what was committed in ${p.path} is not brought into the repository: its objects take ${p.mib} MiB, more than ${p.most}`,
  hint: 'Look at what is committed there; its agent can make a smaller commit of it.',
}));

export const tooManyInside = defineError('git/too-many', 1, (p: { path: string; commits: number; ends: number }) => ({
  message: `more than ${p.ends} branches and stashes, or ${p.commits} commits, were made in ${p.path} that the repository has not`,
  hint: 'Have its agent remove what it does not need.',
}));

export const notBrought = defineError('git/not-brought', 6, (p: { path: string; folder: string; reason: string }) => ({
  message: `what was committed in ${p.path} is not brought into the repository, because git refuses it: ${p.reason}`,
  hint: `Have its agent take that commit back; or, to do without what only its agent has, move its git directory away: ${p.folder}`,
}));

export const staysInside = defineError('git/inside', 6, (p: { path: string; folder: string; reason: string }) => ({
  message: `${p.path} stays as it is, because what its agent has in its sandbox alone, on other branches or in its stash, cannot be kept: ${p.reason}`,
  hint: `Have its agent remove what cannot come along, or, to do without all of it, move its git directory away: ${p.folder}`,
}));

export const heldUp = defineError('git/held-up', 6, (p: { path: string; why: string }) => ({
  message: `git was stopped, because ${visible(p.path)} ${p.why}: it would never have come past it`,
  hint: `Remove it${removal(p.path)}, and try again.`,
}));

export const oddInside = defineError(
  'git/odd',
  6,
  (p: { path: string; folder: string; file: string; why: string }) => ({
    message: `git is not let read what the agent in ${p.path} has committed: in its git directory ${visible(p.file)} ${p.why}`,
    hint: `Have its agent remove it, or do so${removal(p.file)}; or, to do without what only its agent has, move the directory away: ${p.folder}`,
  }),
);

export const tooLarge = defineError('git/too-large', 6, (p: { path: string; mib: number }) => ({
  message: `what is not committed is not saved, because ${visible(p.path)} takes ${p.mib} MiB, more than 2048`,
  hint: 'Have git ignore it, move it elsewhere, or commit it yourself.',
}));

export const refusedName = defineError('git/refused-name', 6, (p: { path: string }) => ({
  message: `what is not committed is not saved, because git takes no file by the name of ${visible(p.path)}`,
  hint: 'Rename it, move it elsewhere, or delete it.',
}));

export const gitTimedOut = defineError('git/timed-out', 124, (p: { command: string; seconds: number }) => ({
  message: `"git ${p.command}" did not end within ${p.seconds} s and was stopped`,
  hint: 'Check the disk and the filters and drivers that the git configuration names.',
}));

/** What a program was started with, without the words by which it is let in. */
const startedAs = (command: string): string =>
  shorten(oneLine(visible(command)).replace(/(?<=:\/\/)[^/@\s]+@/gu, '…@'), 100);

export const remoteStalled = defineError(
  'git/remote-stalled',
  124,
  (p: { command: string; waitsFor: string; seconds: number }) => ({
    message: `"git ${p.command}" stood still for ${p.seconds} s, waiting for "${startedAs(p.waitsFor)}", and was stopped`,
    hint: `See whether the other side answers: say "git ${p.command}" in a terminal.`,
  }),
);

/** A push that was ended: the other side may have taken it before, and only its answer be missing. */
export const pushStalled = defineError('git/push-stalled', 124, (p: { waitsFor: string; seconds: number }) => ({
  message: `"git push" stood still for ${p.seconds} s, waiting for "${startedAs(p.waitsFor)}", and was stopped; what it pushed may have arrived all the same`,
  hint: 'Say "sync git" again: it looks first at what the other side has, and pushes only what is not there.',
}));

export const gitStalled = defineError(
  'git/stalled',
  124,
  (p: { command: string; path: string; waitsFor: string; seconds: number }) => ({
    message: `"git ${p.command}" in ${visible(p.path)} stood still for ${p.seconds} s, waiting for "${startedAs(p.waitsFor)}", and was stopped`,
    hint: 'Look at the filters that the git configuration names ("git config --get-regexp ^filter"), and at the .gitattributes in that worktree.',
  }),
);

export const badBranch = defineError('git/bad-branch', 2, (p: { branch: string }) => ({
  message: `git does not accept "${p.branch}" as the name of a branch`,
  hint: 'Choose a name without spaces, "..", "~", "^", ":", "?", "*", "[" and "\\".',
}));

export const branchBlocked = defineError('git/branch-blocked', 6, (p: { branch: string; by: string }) => ({
  message: `the branch "${p.branch}" cannot be made, because "${p.by}" exists`,
  hint: `Rename that one, e.g. git branch -m "${p.by}" "${p.by}-old"`,
}));

export const noSuchBranch = defineError('git/no-such-branch', 3, (p: { branch: string }) => ({
  message: `there is no branch "${p.branch}"`,
  hint: 'Run "git branch" to see which there are.',
}));

export const branchInUse = defineError('git/branch-in-use', 6, (p: { branch: string; reason: string }) => ({
  message: `the branch "${p.branch}" is checked out elsewhere: ${p.reason}`,
  hint: 'Check out another branch there; "git worktree prune" forgets worktrees whose folder is gone.',
}));

export const checkedOutByUser = defineError('git/checked-out', 6, (p: { branch: string; root: string }) => ({
  message: `the branch "${p.branch}" is checked out in "${p.root}" and moving it would make that checkout look changed`,
  hint: 'Check out another branch there first, or merge there yourself.',
}));

export const branchHeld = defineError('git/branch-held', 6, (p: { branch: string; why: string }) => ({
  message: `the branch "${p.branch}" is not moved: ${p.why}`,
  hint: 'Bring that to its end there, or give it up, and try again.',
}));

export const branchElsewhere = defineError('git/branch-elsewhere', 6, (p: { branch: string; at: string }) => ({
  message: `the branch "${p.branch}" is at ${p.at} and not at the commit that is checked out`,
  hint: 'Check the commit of the branch out first.',
}));

export const notOurs = defineError('git/not-ours', 4, (p: { path: string }) => ({
  message: `"${p.path}" is not a worktree that was added to this repository, so nothing is changed there`,
  hint: 'Name a worktree of an instance; your own checkout is never written.',
}));

export const tampered = defineError('git/tampered', 4, (p: { path: string; what: string }) => ({
  message: `git is not called in the worktree "${p.path}", because somebody changed what belongs to git: ${p.what}`,
  hint: 'After you moved the folder yourself, "git worktree repair" mends it. Else look at what its agent did, save what you need, and launch another instance.',
}));

export const worktreeUnlinked = defineError('git/unlinked', 6, (p: { path: string }) => ({
  message: `the worktree "${p.path}" has lost its file .git, by which git knows it`,
  hint: 'Restart its instance, or say "repair worktree" with its name: the file is written anew, and all others stay as they are.',
}));

export const linkedPlace = defineError('git/linked', 4, (p: { path: string; why: string }) => ({
  message: `nothing is written to "${p.path}", because it ${p.why}`,
  hint: 'git makes no such thing, so an agent may have put it there. Look where it leads, and remove it.',
}));

export const worktreeGone = defineError('git/worktree-gone', 6, (p: { path: string }) => ({
  message: `the worktree "${p.path}" is gone`,
  hint: 'Restart its instance, which makes it again from its branch.',
}));

export const pathTaken = defineError('git/path-taken', 6, (p: { path: string; by: string }) => ({
  message: `no worktree can be added at "${p.path}", which ${p.by}`,
  hint: 'Move what is there away.',
}));

export const keptGone = defineError('git/kept-gone', 3, (p: { path: string; kept: string }) => ({
  message: `the worktree "${p.path}" cannot be restored, because "${p.kept}" is gone, where its folder was kept`,
  hint: 'Its branch and its archive stay: "git for-each-ref refs/drover/archive" lists what was kept of its work.',
}));

export const worktreeLocked = defineError('git/locked', 6, (p: { path: string; reason: string }) => ({
  message: `the worktree "${p.path}" is locked${p.reason === '' ? '' : `: ${p.reason}`}`,
  hint: `Unlock it with: git worktree unlock "${p.path}"`,
}));

export const dirtyWorktree = defineError('git/dirty', 6, (p: { path: string; files: string }) => ({
  message: `uncommitted work is in the way in "${p.path}": ${p.files}`,
  hint: 'Commit it, or throw it away, first.',
}));

export const underWayThere = defineError('git/under-way', 6, (p: { path: string; what: string }) => ({
  message: `${p.what} is in the middle in the worktree "${p.path}"`,
  hint: 'Bring it to its end there, or give it up: "git status" there says how.',
}));

export const badPath = defineError('git/bad-path', 2, (p: { path: string }) => ({
  message: `"${p.path}" cannot be the path of a file in a commit`,
  hint: 'Give a path below the top of the repository, without "..", that is not in ".git".',
}));

export const fetchFailed = defineError('git/fetch', 1, (p: { remote: string; reason: string }) => ({
  message: `nothing could be fetched from "${p.remote}": ${p.reason}`,
  hint: `Try "git fetch ${p.remote}" in a terminal: where it asks for a password, give one there once, or use a key.`,
}));

export const pushRefused = defineError('git/push', 1, (p: { remote: string; ref: string; reason: string }) => ({
  message: `"${p.ref}" was not pushed to "${p.remote}": ${p.reason}`,
  hint: 'Nothing is ever forced over the work of others; bring theirs in first, then push again.',
}));
