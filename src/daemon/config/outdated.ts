import type { z } from 'zod';
import { isRecord } from '../../lib/entry.ts';
import { settingAt } from '../../state/setting-layers.ts';
import { settingsSchema } from '../../state/settings.ts';
import { settingText } from '../../text/setting-rows.ts';

type Issue = z.core.$ZodIssue;

/** Settings of which a former version took any text, so that a file that names them was good until then. */
const ONCE_ANY_TEXT: ReadonlySet<string> = new Set(['branches.task']);

/** The dotted key of the setting that is wrong. */
const settingOf = ({ path }: Issue): string => path.join('.');

/** Whether a value is one that a former version took: nobody is locked out of their swarm by that. */
export const isOutdated = (issue: Issue): boolean =>
  issue.code === 'invalid_format' && ONCE_ANY_TEXT.has(settingOf(issue));

/** What holds instead of an outdated value, and what to write. */
export const outdatedHint = (issue: Issue): string => {
  const key = settingOf(issue);
  const value = settingText(settingAt(settingsSchema.parse({}), key));
  return `Until that is changed the default holds, ${value}. Write such a one there, or: drover config set ${key} '${value}'`;
};

/** The values without a setting; what is beside it stays. */
export const withoutSetting = (values: unknown, [first = '', ...rest]: readonly string[]): unknown => {
  if (!isRecord(values) || !Object.hasOwn(values, first)) return values;
  if (rest.length > 0) return { ...values, [first]: withoutSetting(values[first], rest) };
  return Object.fromEntries(Object.entries(values).filter(([name]) => name !== first));
};
