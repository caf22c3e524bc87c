import { defineError } from '../lib/errors.ts';

export const badSecretName = defineError('secret/bad-name', 2, (p: { name: string }) => ({
  message: `"${p.name}" cannot be the name of a secret`,
  hint: 'Use small letters, digits, ".", "_" and "-", 64 at most: drover secrets set github -',
}));

export const badSecretValue = defineError('secret/bad-value', 2, (p: { name: string; why: string }) => ({
  message: `the value for the secret "${p.name}" ${p.why}`,
  hint: `Give it on standard input: drover secrets set ${p.name} - < file`,
}));

export const secretMissing = defineError('secret/missing', 3, (p: { name: string }) => ({
  message: `there is no secret "${p.name}"`,
  hint: `Set it, with its value on standard input: drover secrets set ${p.name} -`,
}));

export const secretUnreadable = defineError('secret/unreadable', 1, (p: { path: string }) => ({
  message: `"${p.path}" holds no secret that can be read with the key of this machine`,
  hint: 'Set the secret again; what lies there is replaced.',
}));
