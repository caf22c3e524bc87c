import { defineError } from '../lib/errors.ts';
import { nearest } from '../lib/text.ts';

const unknownOption = defineError('cli/unknown-option', 2, (p: { option: string; meant?: string | undefined }) => ({
  message: `There is no option ${p.option} here.`,
  hint: p.meant ? `Did you mean --${p.meant}?` : 'See --help.',
}));

const missingValue = defineError('cli/missing-value', 2, (p: { option: string }) => ({
  message: `${p.option} needs a value.`,
  hint: `For example ${p.option}=VALUE.`,
}));

type Options = { values: Readonly<Record<string, string>>; switches: ReadonlySet<string>; words: readonly string[] };

/** Reads `--name value`, `--name=value`, `--switch` and plain words; what is not named is an error. */
export const readOptions = (
  argv: readonly string[],
  names: readonly string[],
  switchNames: readonly string[],
): Options => {
  const values: Record<string, string> = {};
  const switches = new Set<string>();
  const words: string[] = [];
  for (let i = 0; i < argv.length; i += 1) {
    const { name, value } = /^--(?<name>[a-z][a-z-]*)(?:=(?<value>.*))?$/su.exec(argv[i]!)?.groups ?? {};
    if (name === undefined) words.push(argv[i]!);
    else if (switchNames.includes(name)) switches.add(name);
    else if (!names.includes(name))
      throw unknownOption({ option: `--${name}`, meant: nearest(name, [...names, ...switchNames]) });
    else if (value !== undefined) values[name] = value;
    else {
      i += 1;
      const next = argv[i];
      if (next === undefined) throw missingValue({ option: `--${name}` });
      values[name] = next;
    }
  }
  return { values, switches, words };
};
