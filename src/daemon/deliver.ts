import { setTimeout as pause } from 'node:timers/promises';
import { endsWith } from '../agents/input-box.ts';
import type { Instance } from '../state/instances.ts';
import type { World } from './world.ts';

const LOOK_MS = 50;
/** How long the box may take to be there or to show what was typed, and Enter to take it away, in milliseconds. */
const PATIENCE = { box: 5000, taken: 1500 };
const MOST_ENTERS = 6;

type Box = string | undefined;

/** Looks at the box until it is as wanted; false when it does not get so in time. */
const until = async (world: World, instance: Instance, holds: (box: Box) => boolean, ms: number): Promise<boolean> => {
  const { readBox } = world.adapterFor(instance.agent);
  const end = performance.now() + ms;
  for (;;) {
    if (holds(readBox?.(await world.tmux.capture(instance.pane!)))) return true;
    if (performance.now() > end) return false;
    await pause(LOOK_MS, undefined, { signal: world.signal });
  }
};

/**
 * Types a line into an agent and sends it off. Where its input box can be read, Enter is pressed when the end of the text
 * is seen in the box, and again only while the text still stands there: a program that draws its box before it takes keys,
 * or takes a quick Enter for a part of what was typed, loses one. With `once` nothing is typed that was typed already.
 */
export const typeLine = async (
  world: World,
  instance: Instance,
  { text, once }: { readonly text: string; readonly once?: string },
  patience = PATIENCE,
): Promise<void> => {
  const { tmux } = world;
  const pane = instance.pane!;
  const remember = once === undefined ? {} : { once };
  // What is frozen shows nothing of what is typed, and reads it when it goes on.
  const readable = instance.state.kind !== 'paused' && world.adapterFor(instance.agent).readBox !== undefined;
  if (!readable) return tmux.type(pane, text, { enter: true, ...remember });
  const stands = (box: Box): boolean => box !== undefined && endsWith(box, text);
  await until(world, instance, (box) => box !== undefined, patience.box);
  await tmux.type(pane, text, remember);
  const seen = await until(world, instance, stands, patience.box);
  // It was typed and sent before, and Enter would now be an answer to something else.
  if (!seen && once !== undefined) return;
  for (let enters = 0; enters < MOST_ENTERS; enters += 1) {
    await tmux.press(pane, 'Enter');
    if (await until(world, instance, (box) => !stands(box), patience.taken)) return;
  }
  world.log(`${instance.instance_id} leaves what was typed in its input box`);
};
