import { locate } from '../../client/locate.ts';
import { inspectLayers, type Mistake, mistakeSentence, NO_FILE, settingsFiles } from '../../daemon/config/config.ts';
import { formatDuration, parseDuration } from '../../lib/duration.ts';
import { codeOf, defineError, messageOf } from '../../lib/errors.ts';
import type { Paths } from '../../lib/paths.ts';
import { worktreesFolder } from '../../lib/worktrees-folder.ts';
import { openProcesses } from '../../process/broker.ts';
import { type Layer, mergedLayers } from '../../state/setting-layers.ts';
import { type Settings, settingsSchema } from '../../state/settings.ts';
import { withheldIn } from '../../state/trust.ts';
import { withheldSentence } from '../../text/trust-rows.ts';
import { type Flags, type Io, viewOf } from '../io.ts';
import { readOptions } from '../options.ts';
import { withDeadline } from '../patience.ts';
import { printLine } from '../print.ts';
import { probeAgents } from './agents.ts';
import { probeDaemon } from './daemon.ts';
import { probeDisk } from './disk.ts';
import { type Examination, openExamination, type Probe, USUAL_PATIENCE_MS } from './examination.ts';
import { AREAS, type Area, commandLine, error, type Finding, findingOf, ok, warning } from './finding.ts';
import { makeRepairs } from './fix.ts';
import { probeAudit } from './audit.ts';
import { probeGit } from './git.ts';
import { probeLeftovers } from './leftovers.ts';
import { drawReport, reportOf } from './report.ts';
import { probeSandboxes } from './sandbox.ts';
import { probeSecrets } from './secrets.ts';
import { probeState } from './state.ts';
import { probeSystem } from './system.ts';
import { probeTerminal } from './terminal.ts';
import { probeTmux } from './tmux.ts';

const PROBES: Partial<Readonly<Record<Area, Probe>>> = {
  config: probeSecrets,
  tmux: probeTmux,
  git: probeGit,
  agent: probeAgents,
  terminal: probeTerminal,
  daemon: probeDaemon,
  state: async (examination) => [...(await probeState(examination)), ...(await probeAudit(examination))],
  disk: probeDisk,
  system: probeSystem,
  sandbox: probeSandboxes,
  leftover: probeLeftovers,
};

/** A part that waits for programs to time out comes this much later than they, in milliseconds. */
const GRACE_MS = 100;

/** A part that is silent for too long, or fails in a way that nobody foresaw, is a finding beside those of the others. */
export const examineArea = async (area: Area, probe: Probe, examination: Examination): Promise<readonly Finding[]> => {
  const again = 'drover doctor --timeout 30s';
  const late = [
    warning(`${area}.silent`, AREAS[area], `no answer within ${formatDuration(examination.patience)}`, again),
  ];
  try {
    return await withDeadline(probe(examination), late, examination.patience + GRACE_MS);
  } catch (thrown) {
    const why = messageOf(thrown);
    return [warning(`${area}.unreadable`, AREAS[area], `could not be examined: ${why}`, again)];
  }
};

/** What to do where there is no repository to work with, by the code of the error that says so. */
const REPAIRS: Readonly<Record<string, string>> = {
  'client/not-a-repository': 'git init && git commit --allow-empty -m first',
  'client/bare-repository': 'git clone . ../checkout && cd ../checkout',
  'client/broken-link': 'git worktree repair',
  'client/folder-gone': 'cd',
};

/** The line that opens the place of a mistake, or takes the variable away. */
const mendingLine = ({ file, line }: Mistake): string =>
  file.includes('/')
    ? `\${EDITOR:-vi} ${line === null ? '' : `+${line} `}${commandLine(file)}`
    : commandLine('unset', file);

const causeOf = (mistake: Mistake): string => mistakeSentence(mistake).replace(/\.$/u, '');

const mistakeFinding = (mistake: Mistake): Finding =>
  error('config.invalid', 'configuration', causeOf(mistake), mendingLine(mistake));

/** What a former version took and this one does not: the default holds instead. */
const outdatedFinding = (mistake: Mistake): Finding =>
  warning('config.outdated', 'configuration', causeOf(mistake), mendingLine(mistake));

/** What is off in the repository's file because nobody has trusted it. */
const untrustedFindings = (file: string, layers: readonly Layer[]): Finding[] => {
  const withheld = withheldIn(layers);
  if (!withheld) return [];
  const cause = withheldSentence(file, withheld).replace(/\.$/u, '');
  return [
    { ...warning('config.untrusted', 'configuration', cause, 'drover trust'), label: 'look at it and decide with' },
  ];
};

/** Whether a layer of settings names the agent. */
const isNamed = (values: unknown): boolean => typeof values === 'object' && values !== null && 'agent' in values;

/** The repository and its settings, as far as there are any, and what is to be said of both. */
const inspectSurroundings = async (io: Io) => {
  let place: Paths | undefined;
  let settings: Settings | undefined;
  let isAgentChosen = false;
  const findings: Finding[] = [];
  try {
    place = locate(io.cwd, io.env);
    findings.push(ok('repository.root', 'repository', place.root));
  } catch (thrown) {
    findings.push(findingOf('repository.none', 'repository', thrown, REPAIRS[codeOf(thrown)]));
  }
  try {
    // Outside of a repository the environment and the user's own file count still.
    const { layers, mistakes, outdated } = await inspectLayers(place?.config ?? NO_FILE, io.env);
    // What the repository's file asks for and nobody trusted may be the agent.
    isAgentChosen = layers.some(({ values, withheld }) => withheld !== undefined || isNamed(values));
    if (mistakes.length === 0) settings = settingsSchema.parse(mergedLayers(layers));
    if (place && settings) place = { ...place, worktrees: worktreesFolder(settings.worktrees.folder, place) };
    const files = settingsFiles(place?.config ?? NO_FILE, io.env);
    findings.push(
      ...(mistakes.length === 0
        ? [ok('config.valid', 'configuration', files.join(', ') || 'defaults')]
        : mistakes.map(mistakeFinding)),
      ...outdated.map(outdatedFinding),
      ...untrustedFindings(place?.config ?? NO_FILE, layers),
    );
  } catch (thrown) {
    findings.push(findingOf('config.unreadable', 'configuration', thrown));
  }
  return { place, settings, isAgentChosen, findings };
};

const badTimeout = defineError('doctor/bad-timeout', 2, (p: { value: string }) => ({
  message: `--timeout is a duration from 100ms to 10m, and "${p.value}" is none.`,
  hint: 'For example --timeout 30s.',
}));

const LONGEST_MS = 600_000;

const patienceOf = (value: string | undefined): number => {
  const ms = value === undefined ? USUAL_PATIENCE_MS : parseDuration(value);
  if (ms === undefined || ms < 100 || ms > LONGEST_MS) throw badTimeout({ value: value ?? '' });
  return ms;
};

/** `drover doctor [--fix]`: one cause and one repair for each thing that is wrong; exit code 1 while an error is left. */
export const doctor = async (io: Io, flags: Flags, argv: readonly string[]): Promise<number> => {
  const { switches, values } = readOptions(argv, { switches: ['fix'], values: ['timeout'] });
  const patience = patienceOf(values['timeout']);
  const { findings, ...known } = await inspectSurroundings(io);
  await using processes = await openProcesses({ forked: false });
  const examination = await openExamination({ io, ...known, patience }, processes);
  const probes = Object.entries(PROBES) as [Area, Probe][];
  const found = await Promise.all(probes.map(([area, probe]) => examineArea(area, probe, examination)));
  const all = [...findings, ...found.flat()];
  const done = switches.has('fix')
    ? await makeRepairs(examination, all)
    : all.map((finding) => ({ ...finding, fixed: false }));
  const report = reportOf(done);
  if (flags.json || flags.jsonl) printLine(io.stdout, JSON.stringify(report, null, flags.json ? 2 : 0));
  else {
    const { columns, color } = viewOf(io);
    const locale = io.env['LC_ALL'] || io.env['LC_CTYPE'] || io.env['LANG'] || '';
    const drawing = {
      columns: io.stdout.isTTY ? columns : Number(io.env['COLUMNS']) || 80,
      color,
      glyphs: /utf-?8/iu.test(locale),
    };
    printLine(io.stdout, drawReport(done, drawing, flags.quiet));
  }
  return report.healthy ? 0 : 1;
};
