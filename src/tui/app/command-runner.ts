import type { Effect } from '../control/key.ts';
import type { Program, TuiOptions } from './options.ts';
import type { Session } from './session.ts';

type Running = {
  readonly options: Pick<TuiOptions, 'client' | 'guest'>;
  readonly session: Pick<Session, 'apply' | 'draw'>;
  /** Gives the terminal to a program until it ends. */
  readonly visit: (program: Program) => Promise<void>;
};

type Run = Extract<Effect, { readonly kind: 'run' }>;

/** Runs a command and the ones queued behind it; a command that fails or asks first keeps the rest back. */
export const makeCommandRunner = ({ options, session, visit }: Running) => {
  const ask = async (
    { text, confirm, queued = [] }: Run,
    ran: number,
  ): Promise<{ guest: Program | null; goesOn: boolean }> => {
    session.apply({ kind: 'asked', command: text });
    session.draw();
    try {
      const reply = await options.client.run(text, confirm === undefined ? {} : { confirm });
      const guest = reply.exit === 0 ? options.guest(text, reply) : null;
      if (!guest) session.apply({ kind: 'replied', command: text, reply, queued, ran });
      return { guest, goesOn: reply.exit === 0 };
    } finally {
      session.apply({ kind: 'settled', command: text });
    }
  };
  return async (effect: Run): Promise<void> => {
    let next: Run | undefined = effect;
    for (let ran = 1; next; ran += 1) {
      const { guest, goesOn } = await ask(next, ran);
      if (guest) await visit(guest);
      const [text, ...queued]: readonly string[] = next.queued ?? [];
      next = goesOn && text !== undefined ? { kind: 'run', text, queued } : undefined;
    }
  };
};
