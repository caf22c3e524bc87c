import { defineError } from '../lib/errors.ts';

export const processMissing = defineError('process/missing', 1, (p: { file: string }) => ({
  message: `the program "${p.file}" was not found`,
  hint: `Install "${p.file}", or add its folder to PATH.`,
}));

export const folderMissing = defineError('process/no-folder', 3, (p: { file: string; cwd: string }) => ({
  message: `"${p.file}" cannot run in "${p.cwd}", which is not a folder`,
  hint: 'Check that the folder still exists.',
}));

export const processRefused = defineError('process/refused', 1, (p: { file: string; reason: string }) => ({
  message: `"${p.file}" could not be started: ${p.reason}`,
  hint: 'Check that it is executable and that its arguments hold no NUL character.',
}));

export const brokerLost = defineError('process/broker-lost', 1, (p: { file: string }) => ({
  message: `the helper that runs "${p.file}" ended before it could say how the program ended`,
  hint: 'Try again: a new helper is started by the next call.',
}));

/**
 * Gives the loss of the helper on, which trying again helps against, unless that is what led here: then it has been tried
 * often enough.
 */
export const passLossOn = (again: unknown, first: unknown): void => {
  if (brokerLost.matches(again) && !brokerLost.matches(first)) throw again;
};

export const processesClosed = defineError('process/closed', 1, (p: { file: string }) => ({
  message: `"${p.file}" is not run any more, because this program is closing down`,
  hint: 'Start it again.',
}));

export const unmeasured = defineError('process/unmeasured', 1, (p: { why: string }) => ({
  message: `what the processes of the agents take could not be measured: ${p.why}`,
  hint: 'Check that "ps" runs; the agents go on, but limits of resources do not hold meanwhile.',
}));
