import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import type { Audit } from '../../audit/open.ts';
import type { Context, Repository } from '../../commands/define.ts';
import { type Decided, dispatch } from '../../commands/dispatch.ts';
import { languageOf } from '../../commands/language.ts';
import { AppError, messageOf, traceOf } from '../../lib/errors.ts';
import { oneLine, shorten, visible } from '../../lib/text.ts';
import { plainLines } from '../../logs/plain.ts';
import type { AuditEntry } from '../../ports/audit.ts';
import type { Reply } from '../../ports/swarm.ts';
import type { Target, TimedLine } from '../../ports/target.ts';
import { denied } from '../../protocol/errors.ts';
import type { RunFrame } from '../../protocol/frame.ts';
import type { Layer } from '../../state/setting-layers.ts';
import { refusalBySystem } from '../../state/store/errors.ts';
import { withheldIn, withheldNames } from '../../state/trust.ts';
import { harmAgent } from '../actions/harm-agent.ts';
import { givenBrief } from '../actions/start-task.ts';
import { typeLine } from '../actions/type-line.ts';
import { userFile } from '../config/config.ts';
import { otherEncoding, rehearsalFailed, unforeseen } from '../errors.ts';
import type { Ledgers } from '../logs/ledgers.ts';
import { timedLines } from '../logs/timed-lines.ts';
import { machineSize } from '../machine-size.ts';
import { type DaemonServices, logFolderOf } from '../services.ts';
import { giveAnswer } from '../signals/give-answer.ts';
import { actorOf, observedName } from './actor.ts';
import { foundAgents } from './found-agents.ts';
import { asReply, correlationOf, openRequestMemory } from './request-memory.ts';
import { settingsOf } from './request-settings.ts';
import type { Speaker } from './speaker.ts';
import { worktreeAccess } from './worktree-access.ts';

/** A longer file is read by no command, in bytes. */
const LONGEST_FILE = 16 * 1024 * 1024;

/** How a text is encoded that is not UTF-8; undefined when it is no text at all. */
const encodingOf = (bytes: Uint8Array): string | undefined => {
  const [first = 0, second = 0] = bytes;
  const isMarked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (bytes.length > 3 && isMarked) return 'UTF-16';
  return bytes.some((byte) => byte < 9 || (byte > 13 && byte < 32)) ? undefined : 'not UTF-8 (Latin-1, perhaps)';
};

/** The text of a file; null when there is none or it is not text. Text in another encoding than UTF-8 is refused. */
const textOf = async ({ files }: Target, path: string): Promise<string | null> => {
  const bytes = await files.read(path, LONGEST_FILE);
  if (bytes === null) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    const encoding = encodingOf(bytes);
    if (encoding === undefined) return null;
    throw otherEncoding({ path, encoding });
  }
};

/** The files of the disk, for commands that are told a path. */
const filesOf = (home: Target): Pick<Repository, 'readFile' | 'obstacle' | 'matching' | 'writeFile'> => ({
  readFile: (path) => textOf(home, path),
  obstacle: async (path) => (await home.files.obstacle(path, LONGEST_FILE)) ?? 'it is not text',
  matching: (pattern) => home.files.matching(pattern),
  writeFile: async (path, text) => {
    await home.files.makeFolder(dirname(path));
    await home.files.write(path, text, 'shared');
  },
});

/** How much of the end of a log is read, in bytes, where a command does not say. */
const TAIL_BYTES = 1024 * 1024;

const logOf = async (services: DaemonServices, id: string, tailBytes = TAIL_BYTES): Promise<string> => {
  const instance = services.store.state.instances[id];
  const { logs, paths } = instance ? services.targetOf(instance) : services.home;
  const lines: string[] = [];
  for await (const line of plainLines(logs.read(logFolderOf(paths, id), tailBytes))) lines.push(line);
  return services.secrets.redact(lines.join('\n'));
};

/** The lines at the end of a log, each with the times between which it was printed, as far as that was noted. */
const timedLogOf = async (services: DaemonServices, id: string, tailBytes: number): Promise<readonly TimedLine[]> => {
  const instance = services.store.state.instances[id];
  const { logs, paths } = instance ? services.targetOf(instance) : services.home;
  const lines = await timedLines(logs.readTimed(logFolderOf(paths, id), tailBytes));
  const redacted = services.secrets.redact(lines.map(({ text }) => text).join('\n')).split('\n');
  // Where a secret went over several lines nobody knows any more which line is which.
  return redacted.map((text, i) =>
    redacted.length === lines.length ? { ...lines[i]!, text } : { text, after: null, by: null },
  );
};

const HOUR_MS = 3_600_000;

const rehearse = async (services: DaemonServices, argv: readonly string[]): Promise<unknown> => {
  const { env, paths, processes, shipped } = services.home;
  const exit = await processes.run(
    { file: shipped.node, args: [shipped.cli, ...argv], cwd: paths.root, env, timeoutMs: HOUR_MS },
    services.signal,
  );
  try {
    return JSON.parse(exit.stdout);
  } catch (error) {
    throw rehearsalFailed({ why: exit.stderr.trim().split('\n')[0] || `it ended with ${exit.code}` }, error);
  }
};

const refusalOf = (error: AppError, correlation: string): Reply => ({
  ...asReply(error, correlation),
  hint: error.hint,
  data: { code: error.code },
});

/** What is told of a failure: without an answer a client would take the daemon for dead, and say the same to another. */
const forPerson = ({ log, signal }: Pick<DaemonServices, 'log' | 'signal'>, error: unknown): AppError => {
  if (error instanceof AppError) return error;
  // Whoever asked says it to the next daemon.
  if (signal.aborted) throw error;
  log(`a request failed: ${traceOf(error)}`);
  return refusalBySystem(error) ?? unforeseen({ what: oneLine(messageOf(error)) }, error);
};

/** Which part of the settings a refusal is about: what it misses there may only wait to be trusted. */
const MISSED: Readonly<Record<string, 'agents' | 'modes'>> = {
  'agents/unknown': 'agents',
  'mode/unknown': 'modes',
  'mode/disabled': 'modes',
};

/** The refusal of an agent or a mode, with word of those that the repository's file knows and nobody has trusted. */
const adviseTrust = (reply: Reply, layers: readonly Layer[]): Reply => {
  const group = reply.exit === 0 ? undefined : MISSED[String((reply.data as { code?: unknown } | null)?.code)];
  const names = group === undefined ? [] : withheldNames(withheldIn(layers), group);
  if (names.length === 0) return reply;
  const word = `What the repository’s file says of ${names.map(visible).join(', ')} is off until it is trusted: drover trust`;
  return { ...reply, hint: [reply.hint ?? '', word].join(' ').trim() };
};
type CarryOut = (frame: RunFrame, speaker: Speaker) => Promise<Reply>;

/** Carries each request out once: said again over a new connection meanwhile, it gets the answer of the first. */
const carryOutOnce = (carryOut: CarryOut): CarryOut => {
  const running = new Map<string, Promise<Reply>>();
  return (frame, speaker) => {
    if (frame.id === '') return carryOut(frame, speaker);
    const key = JSON.stringify([frame.id, frame.token, frame.role, speaker.kind, observedName(speaker, frame)]);
    const reply = running.get(key) ?? carryOut(frame, speaker).finally(() => running.delete(key));
    running.set(key, reply);
    return reply;
  };
};

/** What is written down of a request that was refused before anybody looked at what it says. */
const refusedEntry = (said: string, { exit, message }: Reply): Decided => ({
  ...{ command: shorten(oneLine(said), 500), targets: [], decision: 'denied', exit, result: message },
});

/** What is written down of a command that had happened before it was said again: the answer that was given, not its refusal. */
const asAnswered = (decided: Decided, { exit, message }: Reply): Decided =>
  exit === decided.exit ? decided : { ...decided, decision: 'allowed', exit, result: shorten(oneLine(message), 300) };

/** Writes down what became of somebody's command, without the secrets that may stand in it. */
export const auditNoter =
  ({ now, secrets }: DaemonServices, audit: Pick<Audit, 'note'>) =>
  (whose: Pick<AuditEntry, 'actor' | 'role' | 'seen' | 'corr'>, decided: Decided): Promise<void> =>
    audit.note({
      ...{ at: now(), ...whose, ...decided },
      ...{ command: secrets.redact(decided.command), result: secrets.redact(decided.result) },
    });

/** Answers requests: who asks, under which correlation id, with what at hand; each is written down with its answer. */
type RequestOptions = {
  version: string;
  shutDown: (correlation: string, again: boolean) => boolean;
  traffic: Context['traffic'];
  lives: Context['lives'];
  resources: Context['resources'];
  radar: Context['radar'];
  health: Context['health'];
  sharing: Context['sharing'];
  audit: Audit;
};

/** The settings as an actor may look at them and change them. */
const configurationFor = (
  { config, env }: DaemonServices,
  actor: Context['actor'],
  layers: readonly Layer[],
): Pick<Context, 'configuration' | 'trust' | 'settingHistory'> => {
  const { change, history } = config.changedBy(actor.name);
  const files = { project: config.file, user: userFile(env) };
  return { configuration: { layers, files, change }, trust: config.trust, settingHistory: history };
};

/** The terminals of agents for one request, by whose correlation id they remember what it did. */
const terminalsFor = (
  services: DaemonServices,
  correlation: string,
): Pick<Context, 'typeLine' | 'hasHeard' | 'giveAnswer' | 'harmAgent' | 'givenBrief'> => ({
  typeLine: (instance, text, isAgain = false) =>
    typeLine(services, instance, { text, once: correlation, isMessage: true, isAgain }),
  hasHeard: async (instance) =>
    instance.pane !== null && services.targetOf(instance).tmux.knows(instance.pane, correlation),
  giveAnswer: (instance, answer) => giveAnswer(services, instance, answer, correlation),
  harmAgent: (instance, harm) => harmAgent(services, instance, harm),
  givenBrief: (instance, task) => givenBrief(services, task, instance),
});

export const makeRequests = (services: DaemonServices, ledgers: Ledgers, options: RequestOptions) => {
  const { version, shutDown, ...measures } = options;
  const agents = foundAgents(services);
  const confirmKey = randomBytes(32).toString('hex');
  const answerOnce = openRequestMemory(services);
  const repository = services.paths.root.split('/').at(-1) ?? 'repo';
  const noteDecided = auditNoter(services, options.audit);
  const carryOut: CarryOut = async (frame, speaker) => {
    const correlation = correlationOf(frame);
    const name = observedName(speaker, frame);
    const said = frame.text ?? (frame.argv ?? []).join(' ');
    const note = (direction: '→' | '←', text: string) =>
      ledgers.communicate({ at: services.now(), actor: name, correlation, direction, text });
    note('→', said);
    let role = 'none';
    const audit = (decided: Decided): Promise<void> =>
      noteDecided({ actor: name, role, seen: speaker.because, corr: correlation }, decided);
    let reply: Reply;
    try {
      const actor = await actorOf(services, speaker, frame);
      role = actor.role;
      const { settings, layers } = settingsOf(services, frame.settings, actor);
      const { signal, paths, store, processesStarted, now, secrets } = services;
      const context: Context = {
        ...{ signal, paths, store, processesStarted, now, secrets },
        actor,
        correlation,
        settings,
        ...configurationFor(services, actor, layers),
        ...{ repository, machine: machineSize, ...worktreeAccess(services) },
        saidAt: frame.said_at,
        cwd: frame.cwd ?? services.paths.root,
        input: frame.input,
        ...{ earlier: [], version, language: languageOf(settings, layers) },
        ...{ git: services.home.git, tmux: services.home.tmux },
        launchTarget: services.launchTarget,
        ...terminalsFor(services, correlation),
        ...{ agents, confirmKey },
        ...filesOf(services.home),
        readLog: (instance, tailBytes) => logOf(services, instance, tailBytes),
        readTimedLog: (instance, tailBytes) => timedLogOf(services, instance, tailBytes),
        rehearse: (argv) => rehearse(services, argv),
        decide: services.decideAs({ actor: actor.name, corr: correlation }),
        rebuildState: services.store.rebuild,
        history: { events: services.store.history, messages: ledgers.messages },
        shutDown: (again = false) => shutDown(correlation, again),
        ...measures,
      };
      let decided: Decided | undefined;
      const answer = await answerOnce({ actor: actor.name, frame, decide: context.decide }, (request) =>
        dispatch({ ...context, decide: request.decide, earlier: request.earlier }, request.frame, async (one) => {
          decided = one;
        }),
      );
      if (decided) await audit(asAnswered(decided, answer));
      reply = adviseTrust(answer, services.config.layers);
    } catch (error) {
      reply = refusalOf(forPerson(services, error), correlation);
      if (denied.matches(error)) await audit(refusedEntry(said, reply));
    }
    note('←', `${reply.exit === 0 ? 'ok' : `exit ${reply.exit}`}: ${reply.message}`);
    return reply;
  };
  return carryOutOnce(carryOut);
};
