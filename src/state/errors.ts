import { defineError } from '../lib/errors.ts';

export const unknownEvent = defineError('state/unknown-event', 1, (p: { what: string; issue: string }) => ({
  message: `${p.what} in the journal cannot be read: ${p.issue}`,
  hint: 'It was probably written by a newer Drover: install that version or a later one.',
}));

export const unknownSetting = defineError(
  'config/unknown-key',
  2,
  (p: { key: string; meant?: string | undefined }) => ({
    message: `There is no setting "${p.key}".`,
    hint: p.meant ? `Did you mean ${p.meant}?` : 'See drover config list.',
  }),
);

export const badSetting = defineError('config/bad-value', 2, (p: { key: string; value: string; issue: string }) => ({
  message: `${p.key} cannot be "${p.value}": ${p.issue}.`,
  hint: `See drover config show ${p.key}.`,
}));

export const badPair = defineError('config/bad-pair', 2, (p: { pair: string }) => ({
  message: `"${p.pair}" is no setting with its value.`,
  hint: 'Write -c KEY=VALUE, for example -c limits.maxInstances=5.',
}));

export const notForOneCommand = defineError('config/not-for-one', 2, (p: { key: string; value: string }) => ({
  message: `${p.key} cannot hold for one command: the daemon goes on reading it after the answer.`,
  hint: `Set it for the repository: drover config set ${p.key} ${/^[\w.:/@-]+$/u.test(p.value) ? p.value : 'VALUE'}`,
}));

export const unknownEventType = defineError(
  'events/unknown-type',
  2,
  (p: { type: string; meant?: string | undefined; nouns: readonly string[] }) => ({
    message: `There is no event of the type "${p.type}".`,
    hint: p.meant ? `Did you mean ${p.meant}?` : `Types begin with: ${p.nouns.join(', ')}.`,
  }),
);

export const untrusted = defineError('trust/withheld', 5, (p: { what: string; file: string }) => ({
  message: `${p.what} is off: ${p.file} says what it does, and nobody has trusted that`,
  hint: 'Look at it and decide: drover trust',
}));

export const diskLow = defineError('disk/low', 6, (p: { why: string }) => ({
  message: p.why,
  hint: 'Make room ("drover doctor" says what Drover has there, "drover clean worktrees force" deletes what is done and what lies in the trash), or lower limits.disk_mb: with 0 the disk is not looked at.',
}));

export const memoryLow = defineError('memory/low', 6, (p: { why: string }) => ({
  message: p.why,
  hint: 'End what needs memory ("drover do \'top instances\'" says what the agents take), or lower limits.memory_mb: with 0 the memory is not looked at.',
}));
