import { z } from 'zod';
import { checkSettingKey } from '../../state/setting-names.ts';
import { isGuarded } from '../../state/setting-values.ts';
import { begunBefore, noteBegun } from '../begun.ts';
import { defineCommand } from '../define.ts';
import { nothingToDo } from '../errors.ts';
import { idsParam, requireOne } from '../selection.ts';
import { keptText } from './kept-values.ts';

export const removeConfig = defineCommand({
  verb: 'remove',
  noun: 'config',
  summary:
    'Take a setting out of this repository’s file; the next layer or the default holds, for a program that runs from its next start on',
  example: 'remove config checks.task',
  role: 'admin',
  modifiers: [],
  target: 'required',
  one: 'setting',
  reads: false,
  effects: 'takes the setting out of .drover/config.json; the daemon follows',
  params: z.object({ id: idsParam.describe('Which setting, by its dotted key') }),
  result: z.object({ key: z.string(), file: z.string() }),
  loss: (_state, { id }) => {
    const key = id[0] ?? '';
    return id.length === 1 && isGuarded(key)
      ? { targets: [key], loses: `${key} will not be set any more for everybody who works on this repository.` }
      : undefined;
  },
  names: 'settings',
  refuses: (_standing, { id }) => checkSettingKey(requireOne(id, 'setting')),
  // Whether the repository's file sets it is not known before it is read.
  unsure: () => true,
  run: async (context, { id }) => {
    const { configuration } = context;
    const key = requireOne(id, 'setting');
    checkSettingKey(key);
    const file = configuration.files.project;
    await noteBegun(context, { [key]: file });
    if (!(await configuration.change(key, undefined)) && !begunBefore(context))
      throw nothingToDo({
        message: `${key} is not set in ${file}.`,
        hint: `Look where it comes from: drover config get ${key} --show-origin`,
      });
    return {
      message: `${key} is taken out of ${file}.${keptText(context.store.state, key)}`,
      data: { key, file },
      sideEffects: [`${file} written`],
    };
  },
});
