import { defineError } from '../lib/errors.ts';

export const openToAll = defineError('web/open-to-all', 2, (p: { host: string }) => ({
  message: `--no-auth lets everybody in who can reach ${p.host}: it is taken on this machine’s own address alone.`,
  hint: 'Leave --host out, or leave --no-auth out and give --cert and --key.',
}));

export const needsTls = defineError('web/needs-tls', 2, (p: { host: string }) => ({
  message: `What is said at ${p.host} passes the network: it takes TLS.`,
  hint: 'Give --cert FILE and --key FILE, or leave --host out and come by ssh -L 7070:127.0.0.1:7070.',
}));

export const halfTls = defineError('web/half-tls', 2, (p: { given: string; missing: string }) => ({
  message: `--${p.given} was given without --${p.missing}.`,
  hint: 'TLS takes both: --cert FILE --key FILE.',
}));

export const badPort = defineError('web/bad-port', 2, (p: { value: string }) => ({
  message: `--port ${p.value} is no port.`,
  hint: 'Give a number from 1 to 65535, or 0 for any that is free.',
}));

export const badFile = defineError('web/bad-file', 2, (p: { path: string; why: string }) => ({
  message: `${p.path} could not be used for TLS: ${p.why}.`,
  hint: 'Give files in PEM form that belong together: --cert FILE --key FILE.',
}));

export const portTaken = defineError('web/port-taken', 6, (p: { host: string; port: number; why: string }) => ({
  message: `The page could not be served at ${p.host}, port ${p.port}: ${p.why}.`,
  hint: 'Choose another one: drover web --port 0 takes any that is free.',
}));

export const badTokens = defineError('web/bad-tokens', 1, (p: { file: string }) => ({
  message: `The tokens in ${p.file} cannot be read.`,
  hint: 'Remove the file, which lets nobody in any more, and create new ones: drover web token create.',
}));

export const badTokenName = defineError('web/bad-token-name', 2, (p: { name: string }) => ({
  message: `"${p.name}" cannot be the name of a token.`,
  hint: 'Use up to 40 of a-z, 0-9, ".", "_" and "-", and begin with a letter or a digit.',
}));

export const tokenExists = defineError('web/token-exists', 6, (p: { name: string }) => ({
  message: `There is a token with the name ${p.name} already.`,
  hint: `Choose another --name, or have it changed: drover web token rotate ${p.name}.`,
}));

export const noToken = defineError('web/no-token', 3, (p: { name: string }) => ({
  message: `There is no token with the name ${p.name}.`,
  hint: 'See which there are: drover web token list.',
}));

export const badRole = defineError('web/bad-role', 2, (p: { role: string }) => ({
  message: `"${p.role}" is no role that a token can have.`,
  hint: 'Say viewer, operator, integrator or admin.',
}));

export const badTime = defineError('web/bad-time', 2, (p: { value: string }) => ({
  message: `--expires ${p.value} is no time.`,
  hint: 'Say how long it holds, for example 12h, 30d or never.',
}));

export const notServed = defineError('web/not-served', 3, (p: { what: string }) => ({
  message: `There is no ${p.what} here.`,
  hint: 'See /openapi.json for what there is.',
}));

export const notUnderstood = defineError('web/not-understood', 2, (p: { why: string }) => ({
  message: `The request was not understood: ${p.why}.`,
  hint: 'See /openapi.json for what is asked.',
}));

export const wrongHost = defineError('web/wrong-host', 4, (p: { host: string }) => ({
  message: `Nothing is served under the name ${p.host}.`,
  hint: 'Use the address that drover web has printed, or serve it under that name as well: --name NAME.',
}));

export const wrongOrigin = defineError('web/wrong-origin', 4, () => ({
  message: 'Another site asks for this.',
  hint: 'Open the page itself, by the address that drover web has printed.',
}));

export const wrongCsrf = defineError('web/wrong-csrf', 4, () => ({
  message: 'The request does not come from the page of this session.',
  hint: 'Load the page again.',
}));

export const notLoggedIn = defineError('web/not-logged-in', 4, () => ({
  message: 'Nobody is logged in here.',
  hint: 'Open the address that drover web has printed, or log in with a token: drover web token create.',
}));

export const wrongToken = defineError('web/wrong-token', 4, () => ({
  message: 'The token lets nobody in: it is wrong, used up, revoked or out of date.',
  hint: 'Make another one: drover web token create.',
}));

export const tooManyTries = defineError('web/too-many-tries', 4, (p: { seconds: number }) => ({
  message: 'There were too many wrong tokens.',
  hint: `Try again in ${p.seconds} s.`,
}));

export const tooBusy = defineError('web/too-busy', 7, () => ({
  message: 'So many pages are open that no other one is let in.',
  hint: 'Close some of them.',
}));

export const tooManyPages = defineError('web/too-many-pages', 7, (p: { most: number }) => ({
  message: `${p.most} pages are open with this session or token, and no more are let in with it.`,
  hint: 'Close some of them, or log in with a token of its own: drover web token create.',
}));

export const serverFailed = defineError('web/failed', 1, () => ({
  message: 'The server failed at this.',
  hint: 'Look at what drover web has printed in its terminal.',
}));
