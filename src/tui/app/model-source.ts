import {
  type Attention,
  attentionOf,
  hasBanner,
  mayAll,
  offeredTo,
  waitingAgents,
  whileBarred,
  whileReviewing,
} from '../../attention/attention.ts';
import { type Outlook, outlookMs, outlookOf } from '../../attention/outlook.ts';
import { isSameValue } from '../../lib/same-value.ts';
import type { State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { isBusy } from '../../state/moves.ts';
import { questionsOf } from '../../attention/question.ts';
import { captionLines } from '../model/caption-lines.ts';
import { filterInstances, paneInstances, sortInstances } from '../model/instance-list.ts';
import { type Layout, layoutOf } from '../model/layout.ts';
import type { ScreenState } from '../model/screen-state.ts';
import { isToBegin } from '../model/up-next.ts';
import { makeSurroundings } from '../model/surroundings-now.ts';
import { tabOf } from '../tabs/index.ts';
import { answerRows } from '../prompt/prompt-message.ts';
import { makeTabOpener } from '../tabs/open-tab.ts';
import type { QueryCache } from '../tabs/query-cache.ts';
import type { OpenTab } from '../tabs/tab.ts';
import type { TuiOptions } from './options.ts';
import type { ScreenKeeper } from './screen-keeper.ts';

const idsOf = (instances: readonly Instance[]): readonly string[] => instances.map(({ instance_id }) => instance_id);

/** Whether time is foretold where nobody is at work any more. */
const isOutOfWork = ({ leftMs }: Outlook, { instances }: State): boolean =>
  leftMs !== null && !Object.values(instances).some((one) => isBusy(one.state.kind));

/** Foretells how the work goes on, anew where a while has passed: also where nothing has changed but the time. */
const makeOutlook = (client: Pick<TuiOptions['client'], 'state'>, now: () => number, isManual: () => boolean) => {
  let known: { readonly state: State; readonly outlook: Outlook; readonly at: number } | undefined;
  return (): Outlook => {
    const at = now();
    const { state } = client;
    const isStill = known?.state === state && known.outlook.leftMs === null && known.outlook.late === null;
    const isOld = !isStill && Math.abs(at - (known?.at ?? at)) >= outlookMs(state);
    const isOver = known !== undefined && known.state !== state && isOutOfWork(known.outlook, state);
    // What has begun since does not come next: who watches it start sees that at once.
    if (!known || isOld || isOver || (known.outlook.next !== null && !isToBegin(state, known.outlook.next)))
      known = { state, outlook: outlookOf(state, at, isManual()), at };
    return known.outlook;
  };
};

/** Lays the screen out; the same again as long as nothing that decides it has changed, because every key and picture asks. */
const makeLayouts = () => {
  let known: { readonly needs: Parameters<typeof layoutOf>[0]; readonly layout: Layout } | undefined;
  return (needs: Parameters<typeof layoutOf>[0]): Layout => {
    if (!known || !isSameValue(known.needs, needs)) known = { needs, layout: layoutOf(needs) };
    return known.layout;
  };
};

type Options = Pick<TuiOptions, 'ask' | 'client' | 'guide' | 'maySay' | 'onlyLooks' | 'now' | 'surroundings'> & {
  readonly io: Pick<TuiOptions['io'], 'size'>;
};

/** What is proposed to somebody who looks at this screen. */
const onScreen = (attention: Attention, { tabs: { open, states } }: ScreenState): Attention => {
  const task = open === 'review' ? states.review.subject : null;
  return task === null ? attention : whileReviewing(attention, task);
};

/** What there is to draw and to press keys on, by the state, the screen, the size of the terminal and the time. */
export const makeModelSource = (
  options: Options,
  queryCache: Pick<QueryCache, 'answers'>,
  keeper: Pick<ScreenKeeper, 'screen'>,
) => {
  const { client, io, now = Date.now } = options;
  const openTab = makeTabOpener();
  const layouts = makeLayouts();
  const instancesNow = () => sortInstances(paneInstances(client.state.instances), keeper.screen.panes.order);
  const surroundings = makeSurroundings(() => options.surroundings?.() ?? null, options.ask !== undefined);
  const surroundingsNow = () => surroundings(client.state, queryCache.answers);
  const attentionNow = (): Attention => {
    const offered = offeredTo(attentionOf(client.state, surroundingsNow()), options.maySay?.() ?? mayAll);
    return onScreen(whileBarred(offered, options.onlyLooks?.()), keeper.screen);
  };
  const outlookNow = makeOutlook(client, now, () => surroundingsNow()?.isManual ?? false);
  /** The screen without an agent says in its middle what the banner would say. */
  const isWelcoming = ({ tabs }: ScreenState): boolean =>
    tabs.open === 'agents' && Object.keys(client.state.instances).length === 0;
  const showsBanner = (screen: ScreenState): boolean => {
    const attention = attentionNow();
    const isSaid = isWelcoming(screen) && !attention.barred && attention.needs.length + attention.notices.length === 0;
    return !isSaid && hasBanner(attention);
  };
  const captionNow = (): readonly string[] => captionLines(options.guide?.caption ?? '', io.size().columns);
  const layoutNow = (ids: readonly string[], screen: ScreenState): Layout => {
    const { selected, isZoomed, typing, arrangement } = keeper.screen.panes;
    return layouts({
      size: io.size(),
      caption: captionNow().length,
      banner: showsBanner(screen),
      answer: answerRows(screen, io.size().columns),
      instances: ids.length,
      selected: ids.indexOf(selected ?? ''),
      zoomed: isZoomed,
      typing: typing?.id === selected,
      arrangement,
    });
  };
  /** The tab that such a screen has open; the layout of its middle does not depend on which panes there are. */
  const openIn = (screen: ScreenState): OpenTab | null => {
    if (!tabOf(screen.tabs.open)) return null;
    const { state } = client;
    const instances = instancesNow();
    const { answers } = queryCache;
    const layout = layoutNow(idsOf(instances), screen);
    const live = { now: now(), outlook: outlookNow(), attention: attentionNow() };
    return openTab({ ...{ state, instances, screen, layout, answers }, ...live });
  };
  return {
    openIn,
    current: () => {
      const { screen } = keeper;
      const { state } = client;
      const present = instancesNow();
      const instances = filterInstances(present, state, screen.tabs.states.agents.filter, screen.panes.typing?.id);
      const ids = idsOf(instances);
      return {
        state,
        screen,
        instances,
        ids,
        /** The names of all instances, also of those that a filter hides. */
        present: idsOf(present),
        caption: captionNow(),
        layout: layoutNow(ids, screen),
        open: openIn(screen),
        now: now(),
        attention: attentionNow(),
        surroundings: surroundingsNow(),
        outlook: outlookNow(),
        queue: waitingAgents(attentionNow(), idsOf(present)),
        questions: questionsOf(present),
      };
    },
  };
};

export type ModelSource = ReturnType<typeof makeModelSource>;
