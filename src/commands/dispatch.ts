import { AppError, type ExitCode } from '../lib/errors.ts';
import { shorten, shown, shownLine } from '../lib/text.ts';
import type { AuditEntry } from '../ports/audit.ts';
import type { Reply } from '../ports/swarm.ts';
import type { Meaning } from '../protocol/action.ts';
import { denied } from '../protocol/errors.ts';
import type { Identity, OutputFormat } from '../protocol/frame.ts';
import { parse, parseArgv } from '../protocol/parse.ts';
import { isChange, lackedFor } from '../protocol/permission.ts';
import { say } from '../protocol/say.ts';
import type { State } from '../state/index.ts';
import type { Suggestion } from '../text/suggestions.ts';
import type { Drawing } from '../text/table.ts';
import { confirmationFor, isConfirmed } from './confirmation.ts';
import type { Command, CommandLanguage, Confirming, Context, Loss, Outcome, Standing } from './define.ts';
import { changedMeanwhile, needsConfirmation, notYet } from './errors.ts';
import { checkedParameters } from './checked-parameters.ts';
import { namingConflicts } from './git/naming-conflicts.ts';
import { refuseNames } from './named.ts';
import { selectInstances, selectTasks, type Targets } from './selection.ts';
import { namingWorkers, withWorkers } from './tasks/real-workers.ts';

type Request = {
  /** By which it is recorded, and known again when it is repeated; empty: not repeatable. */
  readonly id: string;
  readonly text?: string | undefined;
  readonly argv?: readonly string[] | undefined;
  readonly yes?: boolean | undefined;
  readonly confirm?: string | undefined;
  readonly view: OutputFormat;
};

/** What was understood of a request, before anything happens. */
export type Understood = {
  readonly command: Command;
  readonly meaning: Meaning;
  readonly params: Record<string, unknown>;
  readonly said: string;
  /** How the words themselves answer the question that will be asked: `yes`, or `confirm=TOKEN`. */
  readonly consent: { readonly yes: boolean; readonly confirm: string | undefined };
};

/** So many characters of a command and of its answer are kept in the audit. */
const COMMAND_LENGTH = 500;
const RESULT_LENGTH = 300;

const nameOf = (of: { verb: string; noun: string }): string => `${of.verb} ${of.noun}`;

/** Parts the command from the consent said with it (`yes`, `confirm=TOKEN`). */
const splitConsent = ({ modifiers, parameters, ...rest }: Meaning): Pick<Understood, 'meaning' | 'consent'> => {
  const { confirm, ...others } = parameters;
  return {
    meaning: { ...rest, modifiers: modifiers.filter((one) => one !== 'yes'), parameters: others },
    consent: { yes: modifiers.includes('yes'), confirm: confirm === undefined ? undefined : String(confirm) },
  };
};

/** Parses and validates a request; throws what is wrong with it as an error for a person. */
export const understand = (language: CommandLanguage, request: Pick<Request, 'text' | 'argv'>): Understood => {
  const parsed = request.argv ? parseArgv(request.argv, language) : parse(request.text ?? '', language);
  if (!parsed.ok) throw parsed.error;
  const { meaning, consent } = splitConsent(parsed.meaning);
  const command = language.commands.find((one) => one.verb === meaning.verb && one.noun === meaning.noun);
  if (!command) throw notYet({ command: nameOf(meaning), phase: parsed.signature.phase });
  const early = [...meaning.modifiers, ...Object.keys(meaning.parameters)].find(
    (word) => command.later?.modifiers?.includes(word) || command.later?.parameters?.includes(word),
  );
  if (early !== undefined) throw notYet({ command: `${nameOf(command)} … ${early}`, phase: 1 });
  return { command, meaning, params: checkedParameters(command, meaning.parameters), said: say(meaning), consent };
};

/** What a command would lose by the state alone; refuses before that what it names in vain. */
export const plainLoss = (state: State, { command, params, meaning }: Understood): Loss | undefined => {
  refuseNames(state, command, params);
  return command.loss?.(state, params as never, meaning.modifiers);
};

/** The ids that a command would touch: those that it picks itself or would ask about, else those that its words select. */
export const targetsOf = (
  { state, settings }: Pick<Standing, 'state' | 'settings'>,
  understood: Understood,
  loss: Loss | undefined,
): readonly string[] => {
  const { command, params } = understood;
  if (command.targets) return [...new Set(command.targets(state, params as never, settings))];
  return loss ? loss.targets : selectedTargets(state, understood);
};

/** The ids that the words of a command select. */
const selectedTargets = (state: State, { command, params }: Understood): readonly string[] => {
  if (command.target === 'none' || command.names === 'files') return [];
  const { from, ...targets } = params as Targets & { from?: string };
  if (command.noun === 'instance') return selectInstances(state, targets).map((one) => one.instance_id);
  if (command.noun !== 'task') return [];
  return selectTasks(state, targets)
    .filter((task) => from === undefined || task.assignee === from)
    .map((task) => task.id);
};

/** Throws what a command is refused for as things stand, as far as that is known before it is said. */
export const refuseAsItStands = ({ command, params, meaning }: Understood, standing: Standing): void => {
  try {
    refuseNames(standing.state, command, params);
    command.refuses?.(standing, params as never, meaning.modifiers);
    // What picks its targets refuses those that it cannot take.
    command.targets?.(standing.state, params as never, standing.settings);
  } catch (error) {
    throw standing.workers ? withWorkers(error, standing.workers()) : error;
  }
};

/** Refuses a command that the actor's role may not say. */
export const authorise = (actor: Identity, command: Command, modifiers: readonly string[] = []): void => {
  const needs = lackedFor(actor, command, modifiers);
  if (needs !== null) throw denied({ actor: actor.name, command: nameOf(command), needs });
};

/** Whether a line that is proposed to somebody is not one that is refused for who they are. */
export const maySay = (
  { actor, language }: { readonly actor: Identity; readonly language: CommandLanguage },
  line: string,
): boolean => {
  try {
    const { command, meaning } = understand(language, { text: line });
    authorise(actor, command, meaning.modifiers);
    return true;
  } catch (error) {
    return !denied.matches(error);
  }
};

/** The data of an answer without the suggested commands that its reader may not say. */
const offeredData = (context: Pick<Context, 'actor' | 'language'>, data: unknown): unknown => {
  const { suggestions } = (data ?? {}) as { readonly suggestions?: readonly Suggestion[] };
  return Array.isArray(suggestions)
    ? { ...(data as object), suggestions: suggestions.filter(({ command }) => maySay(context, command)) }
    : data;
};

const failureOf = (error: unknown): { exit: ExitCode; message: string; hint: string | null; data: unknown } => {
  if (!(error instanceof AppError)) throw error;
  const { exit, message, hint, code } = error;
  return { exit, message: shown(message), hint: shown(hint), data: { code } };
};

/** The text for a terminal. Messages quote people, plans and agents: nothing in them may act on the terminal. */
const textOf = (command: Command, outcome: Outcome, view: Drawing): string => {
  const message = shown(outcome.message);
  return command.draw && outcome.exit === undefined ? command.draw(outcome.data as never, view, message) : message;
};

/** The reply that asks to confirm a loss; undefined when the request confirms it. An agent can never confirm. */
const questionFor = (
  context: Confirming & Pick<Context, 'actor'>,
  { said, consent }: Understood,
  loss: Loss,
  request: Request,
): Omit<Reply, 'elapsedMs' | 'correlation'> | undefined => {
  const { actor, confirmKey } = context;
  const question = { said, actor: actor.name, loss };
  const token = request.confirm ?? consent.confirm;
  const isBlanketYes = (request.yes || consent.yes) && loss.consent === undefined;
  const answered = isBlanketYes || isConfirmed(confirmKey, question, context.now(), token);
  if (answered && actor.role !== 'agent') return undefined;
  const { exit, message, hint } = needsConfirmation({ loses: loss.loses });
  const confirm = confirmationFor(confirmKey, question, context.now());
  const reply = { exit, message, hint: loss.consent ?? hint, text: message };
  return { ...reply, data: { confirm }, sideEffects: [], confirm };
};

/** What a command would lose as things stand, by the state or by what it reads beside it. */
export const lossOf = async (
  context: Context,
  { command, params, meaning }: Pick<Understood, 'command' | 'params' | 'meaning'>,
): Promise<Loss | undefined> =>
  command.loss?.(context.store.state, params as never, meaning.modifiers) ??
  (await command.asks?.(context, params as never, meaning.modifiers));

/**
 * What is to be confirmed. A request that is gone on with was confirmed: that what it has done itself would be refused now is
 * no reason to leave the rest undone.
 */
const lossAtStake = async (context: Context, understood: Understood): Promise<Loss | undefined> => {
  if (context.earlier.length === 0) return lossOf(context, understood);
  return lossOf(context, understood).catch((error: unknown) => {
    if (error instanceof AppError) return undefined;
    throw error;
  });
};

type Question = NonNullable<ReturnType<typeof questionFor>>;

/** Runs a command for what was asked about; what has become something else meanwhile is asked about anew. */
const runAsked = async (
  context: Context,
  understood: Understood,
  { loss, request }: { loss: Loss | undefined; request: Request },
): Promise<{ outcome: Outcome } | { asksAgain: Question }> => {
  const { command, params, meaning } = understood;
  try {
    return { outcome: await command.run(context, params as never, meaning.modifiers, loss) };
  } catch (error) {
    if (!changedMeanwhile.matches(error)) throw error;
    const now = await lossOf(context, understood);
    const asksAgain = now && questionFor(context, understood, now, request);
    if (asksAgain === undefined) throw error;
    return { asksAgain };
  }
};

const carryOut = async (
  context: Context,
  understood: Understood,
  request: Request,
): Promise<Omit<Reply, 'elapsedMs' | 'correlation'>> => {
  const { command, meaning } = understood;
  authorise(context.actor, command, meaning.modifiers);
  // What a request had named when its daemon died may be gone by its own doing.
  if (context.earlier.length === 0) refuseNames(context.store.state, command, understood.params);
  const loss = await lossAtStake(context, understood);
  // Whoever goes on with what was confirmed is not asked by a daemon that cannot check the answer to the one before.
  const isAgreed = context.earlier.length > 0 && context.actor.role !== 'agent';
  const unconfirmed = loss && !isAgreed && questionFor(context, understood, loss, request);
  if (unconfirmed) {
    // Nobody is asked about what is refused then. A request that was carried out before is not judged by what it has made.
    refuseAsItStands(understood, { state: context.store.state, settings: context.settings });
    return unconfirmed;
  }
  const ran = await runAsked(context, understood, { loss, request });
  if ('asksAgain' in ran) return ran.asksAgain;
  const outcome = { ...ran.outcome, data: offeredData(context, ran.outcome.data) };
  return {
    exit: outcome.exit ?? 0,
    message: shown(outcome.message),
    hint: outcome.hint === undefined ? null : shown(outcome.hint),
    text: textOf(command, outcome, {
      ...request.view,
      detailed: meaning.modifiers.includes('detailed'),
      maySay: (line) => maySay(context, line),
      now: () => context.now(),
    }),
    data: outcome.data,
    sideEffects: outcome.sideEffects ?? [],
    confirm: null,
  };
};

/** What became of a command, for the audit. */
export type Decided = Pick<AuditEntry, 'command' | 'targets' | 'decision' | 'exit' | 'result'>;

/** The ids that a command is about, as far as its words tell that before anything happens. */
const plainTargets = ({ store: { state }, settings }: Context, understood: Understood): readonly string[] => {
  try {
    return targetsOf({ state, settings }, understood, plainLoss(state, understood));
  } catch {
    // It cannot be done: the answer says so, of all that its words mean.
    return namedTargets(state, understood);
  }
};

const namedTargets = (state: State, understood: Understood): readonly string[] => {
  try {
    return selectedTargets(state, understood);
  } catch {
    // What it names is not there.
    return [];
  }
};

/** Whether somebody was told that they may not say it. */
export const isDenial = ({ exit, data }: Pick<Reply, 'exit' | 'data'>): boolean =>
  exit === 4 && (data as { code?: string } | null)?.code === denied.code;

/** What is to be written down of a reply: changes, questions before a loss, and whatever was refused. */
const decidedOf = (
  { command, meaning, said }: Understood,
  targets: readonly string[],
  reply: Pick<Reply, 'exit' | 'data' | 'confirm' | 'message'>,
): Decided | undefined => {
  const decision = isDenial(reply) ? 'denied' : reply.confirm ? 'confirmation' : 'allowed';
  if (decision === 'allowed' && !isChange(command, meaning.modifiers)) return undefined;
  const result = shorten(shownLine(reply.message), RESULT_LENGTH);
  return { command: shorten(shownLine(said), COMMAND_LENGTH), targets, decision, exit: reply.exit, result };
};

/**
 * Runs one line. The prompt bar, the command line and agents all end here. Never throws what is meant for a person.
 * `audit` hears what became of it before anybody is answered.
 */
export const dispatch = async (
  context: Context,
  request: Request,
  audit: (decided: Decided) => Promise<void> = async () => undefined,
): Promise<Reply> => {
  const started = performance.now();
  let understood: Understood | undefined;
  let targets: readonly string[] = [];
  const finish = async (reply: Omit<Reply, 'elapsedMs' | 'correlation'>): Promise<Reply> => {
    const decided = understood && decidedOf(understood, targets, reply);
    if (decided) await audit(decided);
    const elapsedMs = Math.round((performance.now() - started) * 10) / 10;
    return { ...reply, elapsedMs, correlation: context.correlation };
  };
  try {
    understood = understand(context.language, request);
    targets = plainTargets(context, understood);
    const reply = await carryOut(context, understood, request);
    if (isChange(understood.command, understood.meaning.modifiers) && reply.confirm === null) {
      const { verb, noun } = understood.meaning;
      const { exit, message } = reply;
      const record = { id: request.id, text: understood.said, verb, noun, exit, message: shorten(message, 500) };
      // What the command did is on the disk already: an answer that says otherwise would make a person say it again.
      await context
        .decide(() => [{ type: 'command.finished', data: record }])
        .catch((error: unknown) => {
          if (!(error instanceof AppError) || reply.exit !== 0) throw error;
        });
    }
    return await finish(reply);
  } catch (error) {
    const named = namingConflicts(error, context.store.state);
    const { exit, message, hint, data } = failureOf(await namingWorkers(named, () => context.agents.workers()));
    return finish({ exit, message, hint, text: message, data, sideEffects: [], confirm: null });
  }
};
