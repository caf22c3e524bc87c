import { z } from 'zod';
import { defineError } from '../../lib/errors.ts';
import { jsonFault } from '../../lib/json-fault.ts';
import { shownLine } from '../../lib/text.ts';
import { issueText } from '../../state/issue-text.ts';
import { COLOUR_NAMES, THEMES, type Theme } from './themes.ts';

export const badTheme = defineError('tui/bad-theme', 2, (p: { name: string; issue: string }) => ({
  message: `the theme "${p.name}" cannot be used: ${p.issue}`,
  hint: 'Correct its file, or choose another: config set tui.theme auto.',
}));

const hex = z.string().regex(/^#[\da-f]{6}$/iu, 'a colour is written #rrggbb');

/** A theme that a person made; colours that it does not name are those of the theme it starts from. */
const themeFileSchema = z.strictObject({
  base: z.enum([...THEMES.keys()]).default('dark'),
  contrast: z.number().min(1).max(21).optional(),
  colors: z.strictObject(Object.fromEntries(COLOUR_NAMES.map((name) => [name, hex.optional()]))).prefault({}),
});

const jsonOf = (name: string, text: string): unknown => {
  const plain = text.replace(/^\uFEFF/u, '');
  try {
    return JSON.parse(plain);
  } catch (error) {
    const { what, line } = jsonFault(plain);
    throw badTheme({ name, issue: `its file is not valid JSON, ${what} in line ${line}` }, error);
  }
};

/** The theme in the text of a file. Throws `tui/bad-theme` with the first thing that is wrong with it. */
export const themeFrom = (name: string, text: string): Theme => {
  const result = themeFileSchema.safeParse(jsonOf(name, text));
  if (!result.success) {
    const [issue] = result.error.issues;
    const where = issue?.path.join('.');
    throw badTheme({
      name,
      issue: shownLine(`${where ? `${where}: ` : ''}${issue ? issueText(issue) : 'it is not valid'}`),
    });
  }
  const { base, contrast, colors } = result.data;
  const start = THEMES.get(base)!;
  const own = Object.entries(colors).flatMap(([colour, value]) =>
    value === undefined ? [] : [[colour, Number.parseInt(value.slice(1), 16)] as const],
  );
  return { name, contrast: contrast ?? start.contrast, colors: { ...start.colors, ...Object.fromEntries(own) } };
};
