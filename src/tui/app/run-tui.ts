import { AppError, messageOf } from '../../lib/errors.ts';
import { sendAnswer } from '../answering/send-answer.ts';
import { colourLevel } from '../compositor/colour.ts';
import { type Compositor, openCompositor } from '../compositor/compositor.ts';
import type { Effect } from '../control/key.ts';
import type { InputEvent } from '../input/decoder.ts';
import { makeKeyboard } from '../input/keyboard.ts';
import { panels } from '../panels/index.ts';
import { openPanes } from '../panes/pane-drawing.ts';
import { performTypingEffect } from '../panes/typing-host.ts';
import type { ReviewTool } from '../review/review-tool.ts';
import { openQueryCache } from '../tabs/query-cache.ts';
import { looksOf } from '../theme/looks.ts';
import { makeStylist, type Stylist, shownTime } from '../theme/stylist.ts';
import { AUTO } from '../theme/themes.ts';
import { makeCommandRunner } from './command-runner.ts';
import { makeDrawScheduler } from './draw-scheduler.ts';
import { makeHerald } from './herald.ts';
import { HANGUP, holdConsole, INTERRUPTED, watchProcessEnd } from './lifecycle.ts';
import type { Program, TuiOptions } from './options.ts';
import { openPanelRenderer } from './panel-renderer.tsx';
import { makeSession, type Session } from './session.ts';

/** How long the terminal may take to show the last frame before it is given to somebody else. */
const HOLD_MS = 500;
/** How often the ages on the screen, which are in seconds, are drawn anew. */
const AGE_MS = 1000;

type Run = {
  readonly options: TuiOptions;
  readonly session: Session;
  readonly compositor: Compositor;
  readonly keyboard: { open(): void; close(): void };
  readonly stylist: Stylist;
  readonly herald: ReturnType<typeof makeHerald>;
  readonly end: (code: number) => void;
};

/**
 * Gives the terminal to another program and takes it back, whatever becomes of the program; keys meanwhile are not
 * ours.
 */
const makeHandover = ({ compositor, keyboard, session, options, stylist, herald }: Run) => {
  let away = false;
  let over = false;
  let back: Promise<void> | undefined;
  return {
    get away() {
      return away;
    },
    /**
     * Ends the program that has the terminal and does not take it back; resolves when nobody has it, or after half a
     * second.
     */
    stop: async (): Promise<void> => {
      over = true;
      if (!back) return;
      options.io.endGuest();
      const { promise, resolve } = Promise.withResolvers<void>();
      const limit = setTimeout(resolve, HOLD_MS);
      await Promise.race([back, promise]);
      clearTimeout(limit);
      compositor.restore();
    },
    lend: async (work: () => Promise<unknown>): Promise<void> => {
      if (away) return;
      away = true;
      await Promise.all([compositor.hold(HOLD_MS), stylist.whenSettled()]);
      if (over) return;
      keyboard.close();
      herald.leave();
      compositor.leave();
      const { promise, resolve } = Promise.withResolvers<void>();
      back = promise;
      try {
        await work();
      } finally {
        away = false;
        back = undefined;
        resolve();
        if (!over) {
          keyboard.open();
          compositor.resize(options.io.size());
          compositor.enter();
          session.apply({ kind: 'returned' });
          session.draw();
          herald.tell();
        }
      }
    },
  };
};

const failureOf = (error: unknown): { message: string; hint: string | null } => ({
  message: messageOf(error),
  hint: error instanceof AppError ? error.hint : null,
});

/** Carries out the effects of keys; a failure is said below the command line. */
const makeEffectRunner = (run: Run, lend: (work: () => Promise<unknown>) => Promise<void>) => {
  const { options, session, end } = run;
  const visit = (program: Program): Promise<void> =>
    lend(async () => {
      const code = await options.io.handOver(program);
      if (code !== 0) session.apply({ kind: 'failed', message: `attaching ended with code ${code}`, hint: null });
    });
  const use = async (tool: ReviewTool): Promise<void> => {
    const program = options.tool?.(tool);
    if (!program) return;
    await lend(async () => {
      const code = await options.io.handOver(program);
      if (code !== 0)
        session.apply({ kind: 'failed', message: `the ${tool.kind} ended with code ${code}`, hint: null });
    });
  };
  const command = makeCommandRunner({ options, session, visit });
  const perform = async (effect: Effect): Promise<void> => {
    if (effect.kind === 'run') return command(effect);
    if (effect.kind === 'answer') return sendAnswer(options.client, session, effect);
    if (effect.kind === 'tool') return use(effect.tool);
    if (effect.kind === 'suspend') return lend(async () => options.io.stop());
    end(0);
  };
  return (effect: Effect): void => {
    perform(effect)
      .catch((error: unknown) => session.apply({ kind: 'failed', ...failureOf(error) }))
      .finally(() => session.draw());
  };
};

const farewellOf = ({ client, farewell }: TuiOptions): string => {
  if (farewell !== undefined) return farewell;
  const agents = Object.values(client.state.instances).filter(({ state }) => state.kind !== 'stopped').length;
  const which =
    agents === 0 ? 'No agent is running.' : agents === 1 ? '1 agent keeps running.' : `${agents} agents keep running.`;
  return `${which} "drover" brings the screen back.\n`;
};

/** The compositor of this terminal, in the style that the person and the terminal ask for. */
const openStyledCompositor = ({ io, looks }: TuiOptions): { compositor: Compositor; stylist: Stylist } => {
  const level = colourLevel(io.env);
  const stylist = makeStylist(looks ?? looksOf({ theme: AUTO, reduced_motion: false }, io.env), {
    env: io.env,
    level,
    onStyle: (style) => compositor.setStyle(style),
  });
  const { style, backgroundQuestion: greeting } = stylist;
  const compositor = openCompositor({ output: io.output, size: io.size(), level, style, greeting });
  return { compositor, stylist };
};

/** Watches everything but keys: signals, changes of the swarm, looks and sizes. Returns the ways to stop. */
const watchOutside = (
  { options, session, compositor, stylist, herald, end }: Run,
  handover: ReturnType<typeof makeHandover>,
  redraw: () => void,
): readonly (() => void)[] => {
  const { client, io } = options;
  return [
    watchProcessEnd(io.host, {
      // While another program has the terminal its Ctrl-C is not meant for us.
      onSignal: (code) => {
        if (!(handover.away && code === INTERRUPTED)) end(code);
      },
      onStop: () => void handover.lend(async () => io.stop()),
      onCrash: () => {
        herald.leave();
        compositor.leave();
        io.endGuest();
      },
    }),
    client.subscribe(redraw),
    options.guide?.subscribe(redraw) ?? (() => undefined),
    options.onLooks?.(({ looks, trouble }) => {
      stylist.choose(looks);
      if (trouble) session.apply({ kind: 'failed', ...failureOf(trouble) });
      redraw();
    }) ?? (() => undefined),
    io.onResize(() => {
      if (!handover.away) compositor.resize(io.size());
      redraw();
    }),
  ];
};

/**
 * Shows the swarm on the terminal until the user leaves, and resolves with the exit code. The terminal is given back as
 * it was found, also when the process crashes or is asked to end. Agents are never touched by leaving.
 */
export const runTui = async (options: TuiOptions): Promise<number> => {
  const { client, io } = options;
  const { promise: ended, resolve: end, reject: crash } = Promise.withResolvers<number>();
  const { compositor, stylist } = openStyledCompositor(options);
  const renderer = openPanelRenderer(compositor, panels, crash);
  const panes = openPanes(options, compositor, {
    isStill: () => session.screen.isFrozen,
    redraw: () => drawing.request(),
    onLeft: (id, reason) => {
      session.apply({ kind: 'left', id, reason });
      drawing.request();
    },
    onLack: (text) => {
      session.apply({ kind: 'noticed', text });
      drawing.request();
    },
  });
  const clock = options.now ?? Date.now;
  const queryCache = openQueryCache({
    ask: options.ask ?? ((text) => client.run(text)),
    onAnswer: () => drawing.request(),
    now: clock,
  });
  const session = makeSession(
    { ...options, now: shownTime(clock, stylist) },
    { ...panes, compositor, renderer, queryCache, clock, redrawIn: (ms) => drawing.requestIn(ms), soon: setImmediate },
  );
  const herald = makeHerald(options);
  const drawing = makeDrawScheduler(() => {
    session.draw();
    // Whoever has the terminal meanwhile has its title and its bell too.
    if (!handover.away) herald.tell();
  });
  const onEvents = (events: readonly InputEvent[]): void => {
    if (events.some(({ kind }) => kind === 'shown')) compositor.markShown();
    for (const event of events) if (event.kind === 'background') stylist.setBackground(event.rgb);
    // An answer of the terminal about itself changes nothing that is drawn.
    if (handover.away || events.every(({ kind }) => kind === 'shown' || kind === 'background')) return;
    for (const effect of session.keys(events)) if (!performTypingEffect(panes.typingHost, effect)) perform(effect);
    session.echo();
  };
  const keyboard = makeKeyboard(io.keys, onEvents, () => end(HANGUP));
  const run: Run = { options, session, compositor, keyboard, stylist, herald, end };
  const handover = makeHandover(run);
  const perform = makeEffectRunner(run, handover.lend);
  const stops = watchOutside(run, handover, drawing.request);
  const releaseConsole = holdConsole();
  const ageing = setInterval(() => session.draw(), AGE_MS);
  try {
    keyboard.open();
    compositor.enter();
    session.draw();
    herald.tell();
    void options.notice?.then((text) => {
      session.apply({ kind: 'noticed', text });
      drawing.request();
    });
    void options.guide?.left.then(() => end(0));
    return await ended;
  } finally {
    clearInterval(ageing);
    await handover.stop();
    await Promise.all([compositor.hold(HOLD_MS), stylist.whenSettled(), panes.typingHost.close()]);
    for (const stop of stops) stop();
    drawing.stop();
    keyboard.close();
    herald.leave();
    compositor.leave();
    renderer.close();
    panes.screens.close();
    queryCache.close();
    io.output.writeNow(releaseConsole() + farewellOf(options));
  }
};
