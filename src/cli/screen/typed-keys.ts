import type { InputEvent } from '../../tui/input/decoder.ts';
import type { AgentTyping } from './seat.ts';

/** A step that gives a terminal what was typed: keys of the same kind that follow each other are one step. */
type Step =
  | { readonly kind: 'type'; readonly text: string }
  | { readonly kind: 'press'; readonly keys: readonly string[] }
  | { readonly kind: 'paste'; readonly text: string };

const NAMES: Readonly<Record<string, string>> = {
  enter: 'Enter',
  tab: 'Tab',
  backspace: 'BSpace',
  esc: 'Escape',
  up: 'Up',
  down: 'Down',
  left: 'Left',
  right: 'Right',
  home: 'Home',
  end: 'End',
  pageup: 'PPage',
  pagedown: 'NPage',
  delete: 'DC',
  insert: 'IC',
  space: 'Space',
};
const MODIFIERS: Readonly<Record<string, string>> = { ctrl: 'C-', alt: 'M-', shift: 'S-' };

/** tmux's name of a key, so that it sends what the program there has asked for; undefined where it has none. */
export const tmuxKey = (key: string): string | undefined => {
  if (key === 'shift+tab') return 'BTab';
  const found = /^(?<mods>(?:(?:ctrl|alt|shift)\+)*)(?<base>.+)$/u.exec(key)?.groups;
  const base = found?.['base'] ?? '';
  const name = NAMES[base] ?? (/^f\d+$/u.test(base) ? base.toUpperCase() : base.length === 1 ? base : undefined);
  if (name === undefined) return undefined;
  const mods = (found?.['mods'] ?? '').split('+').filter((mod) => mod !== '');
  return mods.map((mod) => MODIFIERS[mod]).join('') + name;
};

const stepOf = (event: InputEvent): Step | undefined => {
  if (event.kind === 'text' || event.kind === 'paste')
    return { kind: event.kind === 'text' ? 'type' : 'paste', text: event.text };
  // A line feed is read as Enter too, and is another key to programs.
  const key = event.kind === 'key' ? (event.raw === '\n' ? 'C-j' : tmuxKey(event.key)) : undefined;
  if (key !== undefined) return { kind: 'press', keys: [key] };
  return event.raw === undefined ? undefined : { kind: 'type', text: event.raw };
};

const join = (a: Step, b: Step): Step | undefined => {
  if (a.kind === 'type' && b.kind === 'type') return { kind: 'type', text: a.text + b.text };
  if (a.kind === 'press' && b.kind === 'press') return { kind: 'press', keys: [...a.keys, ...b.keys] };
  return undefined;
};

export const stepsOf = (events: readonly InputEvent[]): readonly Step[] => {
  const steps: Step[] = [];
  for (const step of events.flatMap((event) => stepOf(event) ?? [])) {
    const last = steps.at(-1);
    const joined = last && join(last, step);
    if (joined) steps.splice(-1, 1, joined);
    else steps.push(step);
  }
  return steps;
};

/** Types by tmux's own commands. */
export const typeByCommands = async (
  seat: Pick<AgentTyping, 'type' | 'press' | 'paste'>,
  events: readonly InputEvent[],
): Promise<void> => {
  for (const step of stepsOf(events)) {
    if (step.kind === 'press') await seat.press(step.keys);
    else await seat[step.kind](step.text);
  }
};
