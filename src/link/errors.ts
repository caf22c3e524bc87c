import { defineError } from '../lib/errors.ts';

export const nobodyListens = defineError('link/nobody-listens', 7, (p: { address: string }) => ({
  message: `Nobody listens at ${p.address}.`,
  hint: 'Start a daemon there: drover daemon start.',
}));

export const notAllowed = defineError('link/not-allowed', 4, (p: { address: string }) => ({
  message: `${p.address} may not be opened by you.`,
  hint: 'Let "drover doctor" say whose it is, and what to do.',
}));

export const foreignAddress = defineError('link/foreign', 7, (p: { path: string; why: string }) => ({
  message: `Nothing is said to whoever listens there: ${p.path} ${p.why}.`,
  hint: 'Look at it with "ls -ld", remove it if it is not yours, or set XDG_RUNTIME_DIR to a folder of your own.',
}));

export const addressTaken = defineError('link/address-taken', 6, (p: { address: string }) => ({
  message: `Somebody listens at ${p.address} already.`,
  hint: 'Let "drover doctor" say who it is, and end that program first.',
}));

export const badAddress = defineError('link/bad-address', 2, (p: { address: string; wanted: string }) => ({
  message: `"${p.address}" is no address for this transport.`,
  hint: `It is ${p.wanted}.`,
}));

export const nothingShared = defineError('link/nothing-shared', 3, (p: { path: string }) => ({
  message: `Nothing is shared at ${p.path}, or not any more.`,
  hint: 'Ask whoever told you that path to share it again, and copy all of it.',
}));
