import { defineError } from '../../../lib/errors.ts';

export const backupThere = defineError('backup/exists', 6, (p: { file: string }) => ({
  message: `${p.file} is there already, and a backup replaces nothing`,
  hint: 'Name another file, or move that one away.',
}));

export const backupUnwritable = defineError('backup/not-written', 1, (p: { file: string; cause: string }) => ({
  message: `the backup ${p.file} could not be written: ${p.cause}`,
  hint: 'Nothing was changed; name a file in a folder that is there, with space enough.',
}));

export const backupUnreadable = defineError('backup/not-read', 3, (p: { file: string; cause: string }) => ({
  message: `the backup ${p.file} cannot be read: ${p.cause}`,
  hint: 'Name a file that "drover backup create" wrote.',
}));

export const backupForeign = defineError('backup/foreign', 2, (p: { file: string }) => ({
  message: `${p.file} is no backup of Drover`,
  hint: 'Name a file that "drover backup create" wrote.',
}));

export const backupDamaged = defineError('backup/damaged', 1, (p: { file: string; what: string }) => ({
  message: `the backup ${p.file} is damaged: ${p.what}`,
  hint: 'Nothing was changed; take another backup.',
}));

export const backupElsewhere = defineError('backup/elsewhere', 6, (p: { file: string; root: string | undefined }) => ({
  message: `the backup ${p.file} was made of ${p.root ?? 'another repository'}, and none of the commits that its work is on is in this repository`,
  hint: 'Nothing was changed; restore it there or in a clone of it, or fetch its branches first.',
}));

export const backupNewer = defineError('backup/newer', 1, (p: { file: string; what: string }) => ({
  message: `the backup ${p.file} was written by a newer Drover: ${p.what}`,
  hint: 'Nothing was changed; install the Drover that wrote it or a later one.',
}));

export const stateThere = defineError('backup/state-exists', 6, (p: { state: string; events: number }) => ({
  message: `the swarm in ${p.state} has ${p.events} events, and a restore replaces nothing unasked`,
  hint: 'Say --replace: what is there is moved beside it then, not deleted.',
}));

export const nothingToSave = defineError('backup/nothing', 3, (p: { state: string }) => ({
  message: `nothing was recorded in ${p.state} yet, so there is nothing to keep a backup of`,
  hint: 'Launch an instance or create a task first.',
}));
