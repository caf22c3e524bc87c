import { AppError } from '../lib/errors.ts';
import { colourLevel } from './compositor/colour.ts';
import { type Compositor, openCompositor, TICK_MS } from './compositor/compositor.ts';
import type { InputEvent } from './input/decoder.ts';
import { makeKeyboard } from './input/keyboard.ts';
import type { Effect } from './keys.ts';
import { HANGUP, holdConsole, INTERRUPTED, watchEnds } from './lifecycle.ts';
import type { Program, TuiOptions } from './options.ts';
import { panels } from './panels/index.ts';
import { openScreens } from './screens.ts';
import { makeSession, type Session } from './session.ts';
import { openStage } from './stage.tsx';

/** How long the terminal may take to show the last frame before it is given to somebody else. */
const HOLD_MS = 500;
/** Ages on the screen are in seconds. */
const AGE_MS = 1000;

type Run = {
  readonly options: TuiOptions;
  readonly session: Session;
  readonly compositor: Compositor;
  readonly keyboard: { open(): void; close(): void };
  readonly end: (code: number) => void;
};

/** Gives the terminal to `work` and takes it back, whatever becomes of it; keys meanwhile are not ours. */
const makeHandover = ({ compositor, keyboard, session, options }: Run) => {
  let away = false;
  let over = false;
  return {
    get away() {
      return away;
    },
    /** The terminal is not taken back any more. */
    stop: (): void => {
      over = true;
    },
    lend: async (work: () => Promise<unknown>): Promise<void> => {
      if (away) return;
      away = true;
      await compositor.hold(HOLD_MS);
      if (over) return;
      keyboard.close();
      compositor.leave();
      try {
        await work();
      } finally {
        away = false;
        if (!over) {
          keyboard.open();
          compositor.resize(options.io.size());
          compositor.enter();
          session.draw();
        }
      }
    },
  };
};

const failure = (error: unknown): { message: string; hint: string | null } => ({
  message: error instanceof Error ? error.message : String(error),
  hint: error instanceof AppError ? error.hint : null,
});

/** Carries out what keys asked for; what goes wrong is said in the prompt's line. */
const makePerform = (run: Run, lend: (work: () => Promise<unknown>) => Promise<void>) => {
  const { options, session, end } = run;
  const visit = (program: Program): Promise<void> =>
    lend(async () => {
      const code = await options.io.handOver(program);
      if (code !== 0) session.happened({ kind: 'failed', message: `attaching ended with code ${code}`, hint: null });
    });
  const ask = async (text: string, confirm: string | undefined): Promise<Program | null> => {
    session.happened({ kind: 'asked' });
    session.draw();
    try {
      const reply = await options.client.run(text, confirm === undefined ? {} : { confirm });
      const guest = reply.exit === 0 ? options.guest(text, reply) : null;
      if (!guest) session.happened({ kind: 'replied', command: text, reply });
      return guest;
    } finally {
      session.happened({ kind: 'settled' });
    }
  };
  const command = async (text: string, confirm: string | undefined): Promise<void> => {
    const guest = await ask(text, confirm);
    if (guest) await visit(guest);
  };
  const perform = async (effect: Effect): Promise<void> => {
    if (effect.kind === 'run') return command(effect.text, effect.confirm);
    if (effect.kind === 'suspend') return lend(async () => options.io.stop());
    end(0);
  };
  return (effect: Effect): void => {
    perform(effect)
      .catch((error: unknown) => session.happened({ kind: 'failed', ...failure(error) }))
      .finally(() => session.draw());
  };
};

/** Draws at most once a tick, however much happens in it. */
const coalesced = (draw: () => void) => {
  let timer: NodeJS.Timeout | undefined;
  return {
    request: (): void => {
      timer ??= setTimeout(() => {
        timer = undefined;
        draw();
      }, TICK_MS);
    },
    stop: (): void => clearTimeout(timer),
  };
};

const farewellOf = ({ client, farewell }: TuiOptions): string => {
  if (farewell !== undefined) return farewell;
  const agents = Object.values(client.state.instances).filter(({ state }) => state.kind !== 'stopped').length;
  if (agents === 0) return 'You left Drover; no agent is running.\n';
  const which = agents === 1 ? '1 agent goes' : `${agents} agents go`;
  return `You left the view; ${which} on. Run "drover" to come back.\n`;
};

/**
 * Shows the swarm on the terminal until the user leaves, and resolves with the exit code. The terminal is given back as
 * it was found, also when the process crashes or is asked to end. Agents are never touched by leaving.
 */
export const runTui = async (options: TuiOptions): Promise<number> => {
  const { client, io } = options;
  const { promise: ended, resolve: end, reject: crash } = Promise.withResolvers<number>();
  const level = colourLevel(io.env);
  const compositor = openCompositor({ output: io.output, size: io.size(), level });
  const stage = openStage(compositor, panels, crash);
  const screens = openScreens(options.follow, {
    onReset: () => drawing.request(),
    onData: (id) => compositor.touch(id),
  });
  const session = makeSession(options, { compositor, stage, screens });
  const drawing = coalesced(() => session.draw());
  const onEvents = (events: readonly InputEvent[]): void => {
    if (events.some(({ kind }) => kind === 'shown')) compositor.answered();
    if (handover.away) return;
    for (const effect of session.keys(events)) perform(effect);
    session.draw();
  };
  const keyboard = makeKeyboard(io.keys, onEvents, () => end(HANGUP));
  const run: Run = { options, session, compositor, keyboard, end };
  const handover = makeHandover(run);
  const perform = makePerform(run, handover.lend);

  const stops = [
    watchEnds(io.host, {
      // While another program has the terminal its Ctrl-C is not meant for us.
      onSignal: (code) => {
        if (!(handover.away && code === INTERRUPTED)) end(code);
      },
      onStop: () => void handover.lend(async () => io.stop()),
      onCrash: () => compositor.leave(),
    }),
    client.subscribe(drawing.request),
    io.onResize(() => {
      if (!handover.away) compositor.resize(io.size());
      drawing.request();
    }),
  ];
  const releaseConsole = holdConsole();
  const ageing = setInterval(() => session.draw(), AGE_MS);
  try {
    keyboard.open();
    compositor.enter();
    session.draw();
    void options.notice?.then((text) => {
      session.happened({ kind: 'noticed', text });
      drawing.request();
    });
    return await ended;
  } finally {
    clearInterval(ageing);
    handover.stop();
    await compositor.hold(HOLD_MS);
    for (const stop of stops) stop();
    drawing.stop();
    keyboard.close();
    compositor.leave();
    stage.close();
    screens.close();
    io.output.writeNow(releaseConsole() + farewellOf(options));
  }
};
