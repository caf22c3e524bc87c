import type { CommandLanguage, Loss, Standing } from '../../commands/define.ts';
import {
  authorise,
  plainLoss,
  refuseAsItStands,
  targetsOf,
  type Understood,
  understand,
} from '../../commands/dispatch.ts';
import { isNothing, isUnsure, refuseNobody } from '../../commands/foreseen.ts';
import { AppError } from '../../lib/errors.ts';
import { foretoldNames } from '../../lib/names.ts';
import { shorten, shownLine } from '../../lib/text.ts';
import { hintFor } from '../../protocol/hint.ts';
import { saidId, saidText } from '../../protocol/say.ts';
import { pluralOf } from '../../protocol/vocabulary.ts';
import type { Hint } from '../../ports/hint.ts';
import { clashWithMerged } from '../../state/conflicts.ts';
import type { State } from '../../state/index.ts';
import type { Task } from '../../state/tasks.ts';
import { mergesBySaying } from '../../tasks/mergeable.ts';

const TEXT = 60;

/** `stop` → `stops`, `launch` → `launches`, `retry` → `retries`. */
const thirdPerson = (verb: string): string => pluralOf(verb);

const whom = (noun: string, ids: readonly string[]): string => {
  if (ids.length === 1) return ids[0]!;
  return `${ids.length} ${pluralOf(noun)}: ${foretoldNames(ids)}`;
};

/** The modifiers and the text of a command, as they are said behind its targets. */
const manner = ({ command, meaning }: Understood): string => {
  const text = command.text === undefined ? undefined : meaning.parameters[command.text];
  const words = text === undefined ? [] : [saidText(shorten(shownLine(String(text)), TEXT))];
  return [...meaning.modifiers, ...words].map((part) => ` · ${part}`).join('');
};

const sayWhatFollows = (understood: Understood, { instances }: State, targets: readonly string[]): string => {
  const { command, said } = understood;
  // What is said of a group is done to its instances.
  const noun = targets.every((id) => Object.hasOwn(instances, id)) ? 'instance' : command.noun;
  if (targets.length > 0) return `${thirdPerson(command.verb)} ${whom(noun, targets)}${manner(understood)}`;
  return `${said} · ${command.summary}`;
};

/** Whether the targets of a command are known before it is run; other commands look for them themselves. */
const isAimed = ({ command, params }: Understood): boolean =>
  command.target === 'required' &&
  command.names === undefined &&
  ['instance', 'task'].includes(command.noun) &&
  !('text' in params && !('id' in params));

/** The line with another id in the place of the one that a refusal names; undefined where it names none that may be meant. */
const meantLine = (text: string, { message, hint }: AppError): string | undefined => {
  const wrong = /"(?<id>[^"]+)"/u.exec(message)?.groups?.['id'];
  const meant = /^Did you mean "?(?<id>[^\s"?]+)"?\?/u.exec(hint)?.groups?.['id'];
  if (wrong === undefined || meant === undefined) return undefined;
  // An id that is part of another word, or stands there twice, is not replaced by a guess.
  const parts = text.split(/([\s,]+)/u);
  const places = parts.flatMap((part, i) => (part === wrong ? [i] : []));
  // Nobody means twice what the line has already.
  const isSaid = text.split(/[\s,="]+/u).includes(meant);
  return places.length === 1 && !isSaid ? parts.with(places[0]!, saidId(meant)).join('') : undefined;
};

const refusalOf = (error: unknown, understood: boolean, text: string): Hint => {
  if (!(error instanceof AppError)) throw error;
  const meant = meantLine(text, error);
  const suggestion = meant === undefined ? {} : { suggestion: meant };
  return { kind: 'error', message: error.message, help: error.hint, understood, ...suggestion };
};

/** The task whose work a command shows as it is; undefined where more is asked for, or something else. */
const reviewedBy = ({ command, meaning, params }: Understood, targets: readonly string[]): string | undefined => {
  const isPlain = meaning.modifiers.length === 0 && Object.keys(params).every((name) => name === 'id');
  return command.verb === 'review' && command.noun === 'task' && isPlain && targets.length === 1
    ? targets[0]
    : undefined;
};

/** What a command merges that names none of it; undefined of another command. */
const mergedBy = ({ command, meaning, params }: Understood, standing: Standing): readonly Task[] | undefined => {
  if (command.verb !== 'merge' || command.noun !== 'branch' || params['id'] !== undefined) return undefined;
  if (meaning.modifiers.includes('dry-run')) return undefined;
  const resolves = meaning.modifiers.includes('conflict-resolve');
  return mergesBySaying(standing.state, standing.settings.review === 'before-merge', resolves);
};

/**
 * The sentence about what a command merges, and each of it in a line; the latter not of one that is agreed to, nor of one that
 * the daemon asks about, because a branch of the person's moves.
 */
const mergesOf = (understood: Understood, standing: Standing): { says?: string; merges?: readonly Task[] } => {
  const { params, consent } = understood;
  const to = params['to'] as readonly string[] | undefined;
  const merges = mergedBy(understood, standing);
  if (!merges || (consent.yes && to === undefined)) return {};
  const clashing = merges.flatMap(({ id }) => (clashWithMerged(standing.state.predicted, id) ? [id] : []));
  const apart = clashing.length === 0 ? '' : `; ${clashing.join(', ')} would conflict with what is merged already`;
  const what =
    merges.length === 0
      ? []
      : [
          // What does not merge with the others is set aside: nobody knows that before.
          `${merges.length > 1 ? 'merges up to' : clashing.length > 0 ? 'tries to merge' : 'merges'} ${whom(
            'task',
            merges.map(({ id }) => id),
          )}`,
        ];
  const then =
    to === undefined
      ? []
      : [`brings ${to.join(', ')} forward to what is merged${merges.length === 0 ? ', where it lacks that' : ''}`];
  const parts = [...what, ...then].join(', then ');
  const says = parts === '' ? {} : { says: `${parts}${apart}${manner(understood)}` };
  return to === undefined ? { ...says, merges } : says;
};

/** Whether a command asks first, unless its words answer that already. */
const askedIn = (
  { command, params, meaning, consent }: Understood,
  standing: Standing,
  loss: Loss | undefined,
): { asks?: string; mayAsk?: true } => {
  if (consent.yes || consent.confirm !== undefined) return {};
  if (loss) return { asks: loss.loses };
  const foreseen = command.foresees?.(standing, params as never, meaning.modifiers);
  if (foreseen === undefined) return {};
  return foreseen === 'asks' ? { asks: command.effects ?? command.summary } : { mayAsk: true };
};

/** The answer of a command that would change nothing as things stand; undefined where it changes something, or is refused. */
const nothingIn = (
  { command, params, meaning }: Understood,
  standing: Standing,
  targets: readonly string[],
): string | undefined => {
  const { nothing } = command;
  if (typeof nothing === 'function') return nothing(standing, params as never, meaning.modifiers);
  return targets.length === 0 ? nothing : undefined;
};

/** What an understood command would do as things stand. */
const foretell = (understood: Understood, standing: Standing): Hint => {
  const { command, params, meaning } = understood;
  if (standing.reader) authorise(standing.reader, command, meaning.modifiers);
  const loss = plainLoss(standing.state, understood);
  refuseAsItStands(understood, standing);
  const targets = targetsOf(standing, understood, loss);
  const nothing = nothingIn(understood, standing, targets);
  if (nothing !== undefined) return { kind: 'ok', says: nothing, idle: true };
  if (targets.length === 0 && !command.reads && isAimed(understood)) refuseNobody(understood);
  const asks = askedIn(understood, standing, loss);
  const reviewed = reviewedBy(understood, targets);
  const reviews = reviewed === undefined ? {} : { reviews: reviewed };
  const taker = command.taker?.(standing, params as never, meaning.modifiers);
  const taken = taker === undefined ? '' : ` · ${taker} takes it`;
  const says =
    command.foretells?.(standing, params as never, meaning.modifiers) ??
    `${sayWhatFollows(understood, standing.state, targets)}${taken}`;
  const mayFail = isUnsure(understood, standing) ? ({ mayFail: true } as const) : {};
  return { kind: 'ok', says, ...asks, ...mayFail, ...reviews, ...mergesOf(understood, standing) };
};

/** What belongs between quotes that are empty still. */
const OWN_WORDS = 'words of yours, between the quotes';

/** Words that are still to be written. */
const NO_WORDS = /(?<=^|\s)""(?=\s|$)/u;
/** What stands for them. */
const SOME_WORDS = '"…"';

/** What a command is refused for whatever words it is given; undefined where it waits for nothing but them. */
const refusedAnyway = (text: string, standing: Standing, language: CommandLanguage): Hint | undefined => {
  const hint = forecast(text.replace(NO_WORDS, SOME_WORDS), standing, language);
  if (hint.kind !== 'error' || !hint.understood || hint.message.includes('…')) return undefined;
  const { suggestion } = hint;
  return suggestion === undefined ? hint : { ...hint, suggestion: suggestion.replace(SOME_WORDS, '""') };
};

/** What a line would do as things stand: to whom, to how many, whether it asks first or is refused. Nothing is done. */
export const forecast = (text: string, standing: Standing, language: CommandLanguage): Hint => {
  const hint = hintFor(text, language);
  if (hint.kind !== 'ok') return hint;
  let understood: Understood | undefined;
  try {
    understood = understand(language, { text });
    return foretell(understood, { ...standing, language });
  } catch (error) {
    // An example leaves room for words of one's own.
    if ((!understood || isNothing(error)) && NO_WORDS.test(text))
      return refusedAnyway(text, standing, language) ?? { kind: 'incomplete', expects: [OWN_WORDS] };
    return refusalOf(error, understood !== undefined, text);
  }
};
