import { expect, test } from 'vitest';
import type { Reply } from '../../../src/ports/swarm.ts';
import { reduceScreen } from '../../../src/tui/model/screen-reducer.ts';
import type { ScreenState } from '../../../src/tui/model/screen-state.ts';
import { forecast } from '../../../src/tui/prompt/prompt-forecast.ts';
import { afterCursor, beforeCursor } from '../../../src/tui/prompt/prompt-text.ts';
import { language, settings } from '../../fixtures/signatures.ts';
import { key, paste, pressAll, text } from '../control/press-keys.ts';
import { reply, stateOf, threeAgents } from '../fake-swarm.ts';
import { drawPanel, modelOf } from '../panels/draw-panel.ts';
import { context, start } from './typed-prompt.ts';

const REFUSED = { exit: 3, message: 'There is no task "t9".', data: { code: 'target/not-found' } } as const;

/** The screen after the answer to a command, with what is queued behind it. */
const answered = (screen: ScreenState, command: string, changes: Partial<Reply>, queued: readonly string[] = []) =>
  reduceScreen(screen, { kind: 'replied', command, reply: reply(changes), queued });

/** The command line with its cursor. */
const lineIn = ({ prompt }: ScreenState): string => `${beforeCursor(prompt)}|${afterCursor(prompt)}`;

const entered = (...events: Parameters<typeof pressAll>[1]) => pressAll(start, events, context).screen;

test('[TUI-2] a command that the daemon refuses is in the line again, the cursor behind what it names', () => {
  const sent = entered(text('status of t9 now'), key('enter'));
  expect(lineIn(sent)).toBe('|');
  expect(lineIn(answered(sent, 'status of t9 now', REFUSED))).toBe('status of t9| now');
  expect(lineIn(answered(sent, 'status of t9 now', { ...REFUSED, message: 'Not now.' }))).toBe('status of t9 now|');
  const refused = answered(sent, 'status of t9 now', REFUSED);
  expect([refused.commands.message?.text, refused.prompt.history.at(-1)]).toEqual([
    REFUSED.message,
    'status of t9 now',
  ]);
});

test('a command is put back only where it was typed, was refused, and nothing was typed since', () => {
  const sent = entered(text('stop t9'), key('enter'));
  expect(lineIn(answered(pressAll(sent, [text('li')], context).screen, 'stop t9', REFUSED))).toBe('li|');
  expect(lineIn(answered(pressAll(sent, [key('ctrl+r')], context).screen, 'stop t9', REFUSED))).toBe('|');
  const later = pressAll(sent, [text('status'), key('enter')], context).screen;
  expect(lineIn(answered(later, 'stop t9', REFUSED))).toBe('|');
  // A key said it.
  expect(lineIn(answered(sent, 'retry task t9', REFUSED))).toBe('|');
  // It was carried out, and not all went well.
  expect(lineIn(answered(sent, 'stop t9', { exit: 1, message: '1 of 2 stopped.', data: { stopped: 1 } }))).toBe('|');
  expect(lineIn(answered(sent, 'stop t9', {}))).toBe('|');
});

test('what a key of a view said and was refused leaves a draft, and the keys, where they are', () => {
  const left = entered(text('launch 3 "x'), key('esc'));
  const after = answered(left, 'merge branch t9', REFUSED);
  expect([after.focus, after.prompt]).toEqual(['panes', left.prompt]);
});

test('the keys go to a line that comes back only where a view had begun it', () => {
  const lent = { ...start, prompt: { ...entered(text('tell t9 "no"')).prompt, isLent: true } };
  const sent = pressAll(lent, [key('enter')], context).screen;
  expect([sent.focus, lineIn(sent)]).toEqual(['panes', '|']);
  const back = answered(sent, 'tell t9 "no"', REFUSED);
  expect([back.focus, back.prompt.isLent]).toEqual(['prompt', true]);
  // Who has sent it from the command line and gone to a view acts there.
  const away = entered(text('stop t9'), key('enter'), key('esc'));
  const returned = answered(away, 'stop t9', REFUSED);
  expect([returned.focus, lineIn(returned)]).toEqual(['panes', 'stop t9|']);
  // What is typed next is no longer the view's.
  const next = pressAll({ ...sent, focus: 'prompt' }, [text('list'), key('enter')], context).screen;
  expect(next.focus).toBe('prompt');
});

test('[TUI-2] of a script that is refused what is left to be run comes back, the cursor in the line at fault', () => {
  const script = 'launch 2\n# then\nstop t9 graceful\nlist tasks';
  const sent = pressAll(entered(paste(script), key('enter')), [text('y')], context).screen;
  const first = answered(sent, 'launch 2', {}, ['stop t9 graceful', 'list tasks']);
  expect(lineIn(first)).toBe('|');
  expect(lineIn(answered(first, 'stop t9 graceful', REFUSED, ['list tasks']))).toBe('stop t9| graceful\nlist tasks');
});

test('[TUI-2] a script with a line that is no command stays, the cursor in that line', () => {
  const isWrong = (line: string): boolean => /^rnu|\n/u.test(line);
  const knowing = (message: string) => ({
    ...context,
    hint: (line: string) => (isWrong(line) ? ({ kind: 'error', message } as const) : context.hint(line)),
  });
  const after = (script: string, message: string) =>
    lineIn(pressAll(start, [paste(script), key('enter')], knowing(message)).screen);
  expect(after('list rnu\n  rnu all\nlist', 'Unknown verb "rnu".')).toBe('list rnu\n  rnu| all\nlist');
  expect(after('list rnu\nrnu all\nlist', 'That is nothing.')).toBe('list rnu\nrnu all|\nlist');
});

const state = stateOf(threeAgents);
const hint = (line: string) => forecast(line, { state, settings }, language);

test('[TUI-2] End takes what may have been meant, wherever the cursor stands, and the screen says so', () => {
  const knowing = { ...context, hint };
  const wrong = pressAll(start, [text('rnu all tasks'), key('enter')], knowing).screen;
  expect(lineIn(wrong)).toBe('rnu| all tasks');
  expect(wrong.commands.message?.hint).toBe('did you mean: run all tasks · End takes it');
  const taken = pressAll(wrong, [key('end')], knowing).screen;
  expect([lineIn(taken), lineIn(pressAll(taken, [key('ctrl+_')], knowing).screen)]).toEqual([
    'run all tasks|',
    'rnu| all tasks',
  ]);
  expect(lineIn(pressAll(wrong, [key('ctrl+e')], knowing).screen)).toBe('rnu all tasks|');
  // Nothing is meant instead: the key moves as it always did.
  const right = [text('list tasks'), key('home'), key('end')];
  expect(lineIn(pressAll(start, right, knowing).screen)).toBe('list tasks|');
});

test('[TUI-2] an id that does not exist has the nearest one to take as well', () => {
  expect(hint('show instance rehearsal-11')).toMatchObject({ suggestion: 'show instance rehearsal-1' });
  expect(hint('stop rehearsal-1, rehearsal-11')).not.toHaveProperty('suggestion');
  const sent = entered(text('stop rehearsal-11'), key('enter'));
  const said = answered(sent, 'stop rehearsal-11', { ...REFUSED, message: 'There is no instance "rehearsal-11".' });
  const model = { ...modelOf(threeAgents, said), hint: hint('stop rehearsal-11') };
  expect(drawPanel('prompt', model)).toContain('did you mean: stop rehearsal-1 · End takes it');
});
