import type { AppError } from '../lib/errors.ts';
import type { Answer, Order } from './messages.ts';
import { type Running, start } from './run.ts';

/** The broker's end of the line to the program that forked it. */
export type Line = {
  send(answer: Answer): void;
  onOrder(listener: (order: Order) => void): void;
  onGone(listener: () => void): void;
};

const failed = (id: number, { code, exit, message, hint }: AppError): Answer => ({
  kind: 'failed',
  id,
  code,
  exit,
  message,
  hint,
});

/** Carries out orders until the other end is gone, then ends its own children but for those that are to outlive it, and leaves with the last. */
export const serve = (line: Line, leave: () => void): void => {
  const running = new Map<number, Running>();
  const outliving = new Set<number>();
  let gone = false;
  const leaveWhenIdle = () => {
    if (gone && running.size === 0) leave();
  };
  line.onOrder((order) => {
    if (order.kind === 'kill') return running.get(order.id)?.kill();
    const { id, request } = order;
    const child = start(request);
    running.set(id, child);
    if (request.outlives) outliving.add(id);
    child.ended
      .then(
        (exit) => line.send({ kind: 'exit', id, exit }),
        (error: AppError) => line.send(failed(id, error)),
      )
      .finally(() => {
        running.delete(id);
        leaveWhenIdle();
      });
  });
  line.onGone(() => {
    gone = true;
    for (const [id, child] of running) if (!outliving.has(id)) child.kill();
    leaveWhenIdle();
  });
};
