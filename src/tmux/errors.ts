import { defineError } from '../lib/errors.ts';

const INSTALL =
  'Debian and Ubuntu: sudo apt install tmux · Fedora: sudo dnf install tmux · Arch: sudo pacman -S tmux · macOS: brew install tmux';

export const tmuxMissing = defineError('tmux/missing', 1, () => ({
  message: 'tmux is not installed or not on the PATH',
  hint: `Install tmux 3.2 or newer. ${INSTALL}`,
}));

export const tmuxTooOld = defineError('tmux/too-old', 1, ({ version }: { version: string }) => ({
  message: `tmux ${version} is too old`,
  hint: `Install tmux 3.2 or newer and end the old server when nobody needs it. ${INSTALL}`,
}));

export const exitUnattached = defineError('tmux/exit-unattached', 6, () => ({
  message: 'this tmux server ends, with every agent in it, as soon as nobody is attached ("exit-unattached on")',
  hint: 'Remove the line "set -s exit-unattached on" from tmux.conf and run "tmux set -s exit-unattached off", or give Drover a server of its own with the setting tmux.socket.',
}));

export const nameTaken = defineError('tmux/name-taken', 6, ({ session }: { session: string }) => ({
  message: `a tmux session named "${session}" exists already`,
  hint: 'Rename it with "tmux rename-session", or end it.',
}));

export const targetMissing = defineError('tmux/not-found', 3, ({ target }: { target: string }) => ({
  message: `tmux knows no "${target}"`,
  hint: 'It may have ended meanwhile; look at "tmux ls".',
}));

export const paneDead = defineError('tmux/pane-dead', 6, ({ pane }: { pane: string }) => ({
  message: `the program in pane "${pane}" has ended`,
  hint: 'Start the instance again before sending to it.',
}));

export const folderMissing = defineError('tmux/no-folder', 3, ({ path }: { path: string }) => ({
  message: `the folder "${path}" does not exist`,
  hint: 'Create it, or choose another one.',
}));

export const tooLong = defineError('tmux/too-long', 2, ({ bytes }: { bytes: number }) => ({
  message: `tmux takes no command of ${bytes} bytes`,
  hint: 'Use shorter names and paths.',
}));

export const socketTooLong = defineError('tmux/socket-too-long', 2, ({ path }: { path: string }) => ({
  message: `the path of the tmux socket is too long: "${path}" has ${Buffer.byteLength(path)} bytes, and a socket takes at most 107`,
  hint: 'Set TMUX_TMPDIR to a shorter folder of your own, or unset it, and begin again.',
}));

export const noServer = defineError('tmux/no-server', 3, () => ({
  message: 'the tmux server is gone',
  hint: 'Restart the instances that were on it.',
}));

export const tmuxSilent = defineError('tmux/timeout', 124, () => ({
  message: 'the tmux server does not answer',
  hint: 'See whether "tmux ls" answers; a server that hangs has to be ended.',
}));

export const tmuxFailed = defineError('tmux/failed', 1, ({ reason }: { reason: string }) => ({
  message: reason === '' ? 'tmux failed without saying why' : `tmux says "${reason}"`,
  hint: 'See whether "tmux ls" works in a terminal.',
}));
