import { z } from 'zod';
import { allowedMode } from '../../state/modes.ts';
import type { Settings } from '../../state/settings.ts';
import { badParameter } from '../errors.ts';

const SUFFIX = '-mode';

/** The words for the built-in modes; those of the configuration are said as `mode=NAME`. */
export const MODE_MODIFIERS: readonly string[] = ['beast', 'safe', 'review', 'tdd'].map((name) => name + SUFFIX);

export const modeParam = z.string().optional().describe('In which mode; see "list modes"');

/** The names of the modes that modifiers say. */
export const modesIn = (modifiers: readonly string[]): string[] =>
  modifiers.filter((one) => MODE_MODIFIERS.includes(one)).map((one) => one.slice(0, -SUFFIX.length));

/** The mode that is said, where this repository allows it; null when none is said. Two modes at once are an error. */
export const chooseMode = (
  command: string,
  settings: Settings,
  said: { readonly mode: string | undefined; readonly modifiers: readonly string[] },
): string | null => {
  const names = [...new Set([...modesIn(said.modifiers), ...(said.mode === undefined ? [] : [said.mode])])];
  if (names.length > 1) throw badParameter({ command, key: 'mode', issue: `two are said, ${names.join(' and ')}` });
  const [name] = names;
  return name === undefined ? null : allowedMode(name, settings).name;
};
