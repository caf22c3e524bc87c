import type { Context } from './define.ts';
import { fileExists, noTextFile } from './errors.ts';
import { absolute } from './plans/places.ts';

/** Writes a new file, or one that says the same already; another one only when it is to be replaced by force. */
export const writeTo = async (context: Context, path: string, text: string, isForced: boolean): Promise<string> => {
  const file = absolute(context, path);
  const before = await context.readFile(file);
  if (before === text) return file;
  const isThere = before !== null || (await context.matching(file.replace(/[^/]*$/u, '*'))).includes(file);
  if (isThere && !isForced) throw fileExists({ file });
  if (isThere && before === null) throw noTextFile({ file });
  await context.writeFile(file, text);
  return file;
};
