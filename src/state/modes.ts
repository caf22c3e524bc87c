import { entryOf } from '../lib/entry.ts';
import { defineError } from '../lib/errors.ts';
import { nearest, shellQuote } from '../lib/text.ts';
import type { Autonomy, ModeSettings, Settings } from './settings.ts';

/** A run profile with all that is known of it: what is built in, and over it what the configuration says. */
export type Mode = ModeSettings & { readonly name: string };

/** How far an agent may go without asking; `read` is for profiles that change nothing. */
export type Leeway = Autonomy | 'read';

/** The effect of a run profile on the start of a program. */
export type LaunchMode = { readonly name: string; readonly leeway: Leeway; readonly args: readonly string[] };

/** The defaults of a profile. */
const PLAIN: ModeSettings = {
  description: '',
  enabled: true,
  autonomy: 'edit',
  args: {},
  retries: 0,
  preamble: '',
  read_only: false,
  gates: [],
};

/** The steps of a piece of work, in the words of a profile. */
const cycle = (first: string, steps: { plan: string; do: string; check: string; act: string }): string =>
  [first, '', `- Plan: ${steps.plan}`, `- Do: ${steps.do}`, `- Check: ${steps.check}`, `- Act: ${steps.act}`].join(
    '\n',
  );

const BUILT_IN: Readonly<Record<string, Partial<ModeSettings>>> = {
  beast: {
    description: 'Goes on by itself to the end, asks nothing, and tries again when a run fails',
    enabled: false,
    autonomy: 'full',
    retries: 2,
    preamble: cycle('Nobody watches and nobody answers: decide by yourself, and carry the task to its end.', {
      plan: 'read what there is, choose the smallest way that meets every criterion, and note in a line why.',
      do: 'carry it out in small commits, each of which works.',
      check: 'run the checks and the gates, and read your own change as a stranger would.',
      act: 'mend what that has shown and go through it again; say that you are done only when nothing is left.',
    }),
  },
  safe: {
    description: 'Asks before every step that changes or runs something',
    autonomy: 'ask',
    preamble: cycle('A person follows this work: take small steps, and ask before each that cannot be taken back.', {
      plan: 'say in a few lines what you are going to change, and why.',
      do: 'make one small change at a time.',
      check: 'run the check after each change.',
      act: 'say what it has shown and what comes next; when in doubt, ask and wait.',
    }),
  },
  review: {
    description: 'Reads only and reports what it found; changes nothing',
    autonomy: 'ask',
    read_only: true,
    preamble: cycle('This is a review: read, judge and report. Change nothing.', {
      plan: 'find out what the work was to do, and what could be wrong with it.',
      do: 'read it line by line, with the code around it.',
      check: 'make sure of each finding: name the file, the line and what happens, and leave out guesses.',
      act: 'report the findings, the gravest first, or say that there are none.',
    }),
  },
  tdd: {
    description: 'Writes the tests first, then what makes them pass',
    autonomy: 'edit',
    retries: 1,
    preamble: cycle('Work test first.', {
      plan: 'write down as tests what the task asks for, and see them fail for the right reason.',
      do: 'write the least code that makes the next test pass, and commit the test together with it.',
      check: 'run all tests after each step.',
      act: 'clean up while they pass, and go on with the next test until every criterion has one.',
    }),
  },
};

const unknownMode = defineError(
  'mode/unknown',
  3,
  (p: { name: string; nearest?: string | undefined; known: readonly string[] }) => ({
    message: `There is no mode "${p.name}".`,
    hint: `${p.nearest === undefined ? '' : `Did you mean ${p.nearest}? `}Known: ${p.known.join(', ')}; others are added under "modes" in .drover/config.json.`,
  }),
);

const modeDisabled = defineError('mode/disabled', 4, (p: { name: string }) => ({
  message: `The mode "${p.name}" is not enabled in this repository.`,
  hint: `Enable it with: drover config set ${shellQuote(`modes.${p.name}.enabled`)} true`,
}));

/** The names of all modes: the built-in ones, then those of the configuration by name. */
export const modeNames = (settings: Pick<Settings, 'modes'>): readonly string[] => [
  ...new Set([...Object.keys(BUILT_IN), ...Object.keys(settings.modes).toSorted()]),
];

/** The mode of a name; undefined when there is none. */
export const findMode = (name: string, settings: Pick<Settings, 'modes'>): Mode | undefined => {
  const [built, changed] = [entryOf(BUILT_IN, name), entryOf(settings.modes, name)];
  return built || changed ? { ...PLAIN, ...built, ...(changed as Partial<ModeSettings>), name } : undefined;
};

/** The mode of a name; throws `mode/unknown`. */
export const modeNamed = (name: string, settings: Settings): Mode => {
  const mode = findMode(name, settings);
  const known = modeNames(settings);
  if (!mode) throw unknownMode({ name, nearest: nearest(name, known), known });
  return mode;
};

/** The mode of a name, if this repository allows it; throws `mode/unknown` and `mode/disabled`. */
export const allowedMode = (name: string, settings: Settings): Mode => {
  const mode = modeNamed(name, settings);
  if (!mode.enabled) throw modeDisabled({ name });
  return mode;
};

/** How the program of an agent is started in a mode. */
export const launchModeOf = (mode: Mode, agent: string): LaunchMode => ({
  name: mode.name,
  leeway: mode.read_only ? 'read' : mode.autonomy,
  args: entryOf(mode.args, agent) ?? [],
});
