import { expect, test } from 'vitest';
import { interruptInstance } from '../../../src/daemon/actions/stop-instance.ts';
import { typeLine } from '../../../src/daemon/actions/type-line.ts';
import type { Instance } from '../../../src/state/instances.ts';
import { servicesWith } from '../../helpers/services.ts';
import { servicesOn } from '../../helpers/target.ts';

const instance = {
  ...{ instance_id: 'a-1', agent: 'a', pane: '%1', hold: null },
  state: { kind: 'working' },
} as unknown as Instance;

/** Services on a terminal that takes a line when it is told to, and what reached its program, in order. */
const slowTerminal = () => {
  const reached: string[] = [];
  const { promise: taken, resolve: take } = Promise.withResolvers<void>();
  const tmux = {
    type: async (_pane: string, text: string) => {
      await taken;
      reached.push(text);
      return true;
    },
    press: async (_pane: string, key: string) => reached.push(key),
  };
  const services = servicesWith({
    ...servicesOn({ tmux }),
    adapterFor: () => ({ interruptKeys: ['C-c'], hooks: null }),
    decide: async () => [],
    signal: new AbortController().signal,
  });
  return { services, reached, take };
};

test('an agent is interrupted behind the brief that is just being typed: the key would be lost before it', async () => {
  const { services, reached, take } = slowTerminal();
  const typed = typeLine(services, instance, { text: 'Task h: read it', once: 'h 1', still: () => true });
  const stopped = interruptInstance(services, instance);
  take();
  await Promise.all([typed, stopped]);
  expect(reached).toEqual(['Task h: read it', 'C-c']);
});

test('a brief that nobody wants done any more is not typed behind the key', async () => {
  const { services, reached, take } = slowTerminal();
  const stopped = interruptInstance(services, instance);
  const typed = typeLine(services, instance, { text: 'Task h: read it', once: 'h 1', still: () => false });
  take();
  await Promise.all([typed, stopped]);
  expect(reached).toEqual(['C-c']);
});
