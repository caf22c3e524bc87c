import type { Order } from './messages.ts';
import { serve } from './serve.ts';

// Only the end of the line ends the broker: a Ctrl-C meant for the program that forked it must not take its children.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

serve(
  {
    // Without the callback an answer to somebody who has just left would be an uncaught error.
    send: (answer) => void (process.connected && process.send?.(answer, undefined, {}, () => {})),
    onOrder: (listener) => process.on('message', (order) => listener(order as Order)),
    onGone: (listener) => process.on('disconnect', listener),
  },
  () => process.exit(0),
);
