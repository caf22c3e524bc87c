import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { agentHere } from '../../agents/agent-here.ts';
import { adapterFor, agentNames } from '../../agents/index.ts';
import { importOf } from '../../attention/spec-places.ts';
import type { Surroundings } from '../../attention/step.ts';
import { hasOpenTasks } from '../../attention/steps.ts';
import { localFiles } from '../../files/open.ts';
import { programIn } from '../../process/in-path.ts';
import type { State } from '../../state/index.ts';
import type { Settings } from '../../state/settings.ts';
import { isOffer, planContent, planFiles } from '../../tasks/formats/found-plans.ts';

/** Whether the program of an agent is here. The one of the settings is not known where what makes it known is not trusted. */
const isInPath = (name: string, settings: Settings, path: string): boolean =>
  agentNames(settings).includes(name) && programIn(path, adapterFor(name, settings).program) !== undefined;

/** The agents whose programs are here, without the one that only pretends to work. */
export const workersHere = (settings: Settings, path: string): readonly string[] =>
  agentNames(settings).filter((name) => name !== 'rehearsal' && isInPath(name, settings, path));

/** Finds the commands that import what lies here; a file is read again only when it has changed. */
const makePlanFinder = (root: string): (() => Promise<readonly string[]>) => {
  let known = new Map<string, { readonly mark: string; readonly isOffer: boolean }>();
  const lookInto = async (file: string) => {
    const info = await stat(file).catch(() => undefined);
    const mark = `${info?.mtimeMs} ${info?.size}`;
    const before = known.get(file);
    if (before?.mark === mark) return [file, before] as const;
    const text = info?.isFile() ? await localFiles.readText(file) : null;
    return [file, { mark, isOffer: text !== null && isOffer(planContent(text, file)) }] as const;
  };
  return async () => {
    known = new Map(await Promise.all((await planFiles(root, localFiles.matching)).map(lookInto)));
    return [...known].flatMap(([file, one]) => (one.isOffer ? [importOf(file.slice(root.length + 1))] : []));
  };
};

const aroundWith = (root: string, settings: Settings, path: string, plans: readonly string[]): Surroundings => {
  const { limits, plan, review } = settings;
  return {
    ...agentHere(settings, workersHere(settings, path)),
    plans,
    isSetUp: existsSync(join(root, '.drover/config.json')),
    isReviewedFirst: review === 'before-merge',
    isManual: plan.strategy === 'manual',
    maxInstances: limits.maxInstances,
  };
};

/** How long what was found is taken for what is there, in milliseconds. */
const LOOK_MS = 5000;

/** What tells a lookout when to look. */
type Times = {
  /** Whether anything of what may have come meanwhile would be shown. */
  readonly isWanted: () => boolean;
  readonly now?: () => number;
};

/**
 * What there is where a screen opens: agent programs in the `PATH`, and plans in the repository; the same object while that is the
 * same. It is looked for again when the settings are others, and
 * every few seconds while somebody asks and anything of it would be shown.
 */
export const openLookout = async (
  root: string,
  live: { readonly settings: Settings },
  path: string,
  { isWanted, now = Date.now }: Times,
): Promise<() => Surroundings> => {
  const findPlans = makePlanFinder(root);
  // A screen that is opened on work under way does not wait for what it would not show.
  const isLooking = isWanted();
  let plans = isLooking ? await findPlans().catch(() => []) : [];
  let known = { settings: live.settings, found: aroundWith(root, live.settings, path, plans) };
  let next = isLooking ? now() + LOOK_MS : 0;
  const take = (): void => {
    const { settings } = live;
    known = { settings, found: aroundWith(root, settings, path, plans) };
  };
  const lookAgain = async (): Promise<void> => {
    next = Number.POSITIVE_INFINITY;
    try {
      const found = await findPlans();
      if (JSON.stringify(found) === JSON.stringify(plans)) return;
      plans = found;
      take();
    } finally {
      next = now() + LOOK_MS;
    }
  };
  return () => {
    if (known.settings !== live.settings) take();
    // What cannot be looked at now stays as it was.
    if (now() >= next && isWanted()) lookAgain().catch(() => undefined);
    return known.found;
  };
};

/** The lookout of a screen, which offers a plan only where nothing else is to be done. */
export const lookoutOf = (
  client: { readonly state: State },
  root: string,
  live: { readonly settings: Settings },
  path: string,
): Promise<() => Surroundings> => openLookout(root, live, path, { isWanted: () => !hasOpenTasks(client.state) });
