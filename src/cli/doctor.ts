import { existsSync } from 'node:fs';
import { locate } from '../client/locate.ts';
import { readSettings } from '../daemon/config.ts';
import { AppError } from '../lib/errors.ts';
import type { Paths } from '../lib/paths.ts';
import type { Settings } from '../state/settings.ts';
import { checkPlace } from './doctor-place.ts';
import { checkPrograms } from './doctor-programs.ts';
import { checkTerminal } from './doctor-terminal.ts';
import { type Finding, fine, problem } from './finding.ts';
import { type Flags, type Io, viewOf } from './io.ts';
import { readOptions } from './options.ts';
import { printLine } from './print.ts';

const MARKS = { fine: ['✔', '32'], note: ['!', '33'], problem: ['✖', '31'] } as const;

const lineOf = ({ name, level, cause, repair }: Finding, color: boolean): string => {
  const [mark, code] = MARKS[level];
  const text = `${name}: ${cause}${repair === undefined ? '' : ` — ${repair}`}`;
  return color ? `\u001B[${code}m${mark}\u001B[0m ${text}` : `${mark} ${text}`;
};

/** An error of ours as a finding. */
const asFinding = (name: string, error: unknown): Finding => {
  if (!(error instanceof AppError)) throw error;
  return problem(name, error.message.replace(/\.$/u, ''), error.hint);
};

const placeOf = (io: Io): Paths | Finding => {
  try {
    return locate(io.cwd, io.env);
  } catch (error) {
    return asFinding('repository', error);
  }
};

const settingsOf = async (paths: Paths, env: NodeJS.ProcessEnv): Promise<Settings | Finding> => {
  try {
    return await readSettings(paths.config, env);
  } catch (error) {
    return asFinding('configuration', error);
  }
};

const isFinding = (value: object): value is Finding => 'level' in value;

const examine = async (io: Io): Promise<Finding[]> => {
  const place = placeOf(io);
  if (isFinding(place)) return [...(await checkPrograms(io.env, undefined, existsSync)), ...checkTerminal(io), place];
  const settings = await settingsOf(place, io.env);
  const configuration = isFinding(settings)
    ? settings
    : fine('configuration', existsSync(place.config) ? place.config : 'defaults');
  return [
    ...(await checkPrograms(io.env, isFinding(settings) ? undefined : settings, existsSync)),
    ...checkTerminal(io),
    fine('repository', place.root),
    configuration,
    ...(await checkPlace(place, io.env)),
  ];
};

/** `drover doctor [--fix]`: one cause and one repair for each thing that is wrong; exit code 1 while something is. */
export const doctor = async (io: Io, flags: Flags, argv: readonly string[]): Promise<number> => {
  const { switches } = readOptions(argv, { switches: ['fix'] });
  const found = await examine(io);
  const left: Finding[] = [];
  for (const finding of found) {
    if (!finding.fix || !switches.has('fix')) left.push(finding);
    else {
      await finding.fix();
      left.push(fine(finding.name, `repaired: ${finding.cause}`));
    }
  }
  const data = left.map(({ name, level, cause, repair }) => ({ name, level, cause, repair: repair ?? null }));
  if (flags.json) printLine(io.stdout, JSON.stringify(data, null, 2));
  else
    for (const finding of left)
      if (!flags.quiet || finding.level !== 'fine') printLine(io.stdout, lineOf(finding, viewOf(io).color));
  return left.some(({ level }) => level === 'problem') ? 1 : 0;
};
