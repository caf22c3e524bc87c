import { expect, test } from 'vitest';
import { forecast } from '../../../src/tui/prompt/prompt-forecast.ts';
import { scriptOf } from '../../../src/tui/prompt/prompt-script.ts';
import { language, settings } from '../../fixtures/signatures.ts';
import { key, paste, pressAll, text } from '../control/press-keys.ts';
import { stateOf, threeAgents } from '../fake-swarm.ts';
import { context, pressInPrompt, ran } from './typed-prompt.ts';

const state = stateOf(threeAgents);

const foretold = (text: string, of = state) => forecast(text, { state: of, settings }, language);

test('[TUI-2] several commands that are pasted are run only after a question, and then one after the other', () => {
  const pasted = pressInPrompt(paste('launch 3 instances\r\n# comment\r\nlist tasks\r\n\r\nstatus\r\n'));
  expect([pasted.effects, pasted.line]).toEqual([[], 'launch 3 instances\n# comment\nlist tasks\n\nstatus']);
  const asked = pressAll(pasted.screen, [key('enter')], context);
  expect([asked.effects, asked.screen.overlays.dialog?.title, asked.screen.overlays.dialog?.targets]).toEqual([
    [],
    'Run 3 commands?',
    ['launch 3 instances', 'list tasks', 'status'],
  ]);
  const refused = pressAll(asked.screen, [key('enter')], context);
  expect([refused.effects, refused.screen.commands.message?.text]).toEqual([[], 'not done: 3 commands']);
  const { effects } = pressAll(asked.screen, [text('y')], context);
  expect(effects).toEqual([{ kind: 'run', text: 'launch 3 instances', queued: ['list tasks', 'status'] }]);
  expect(pressAll(refused.screen, [key('up')], context).screen.prompt.characters.join('')).toBe(pasted.line);
});

test('[TUI-2] a text of several lines stays one, and one line that is no command keeps all back', () => {
  const told = 'tell a-1 "first\n\nsecond"';
  expect(pressInPrompt(paste(told), key('enter')).effects).toEqual([ran(told)]);
  expect(pressInPrompt(paste('tell a-1 it’s "a\nb" and more\nthen this'), key('enter')).effects).toHaveLength(1);
  expect(pressInPrompt(paste('# only a comment\nstatus'), key('enter')).effects).toEqual([ran('status')]);
  const wrong = pressInPrompt(paste('x\nstatus'), key('enter'));
  expect([wrong.effects, wrong.screen.commands.message]).toEqual([
    [],
    { tone: 'error', text: 'x: Unknown verb.', hint: 'Nothing was run.' },
  ]);
  expect(pressInPrompt(paste('answ\nbnsw'), key('enter')).screen.commands.message?.text).toBe(
    'answ: It is not a whole command.',
  );
  expect(pressInPrompt(text('list'), key('alt+enter'), text('status')).line).toBe('list\nstatus');
});

test('[TUI-2] several commands are understood together, also where one needs what another makes', () => {
  const script = 'create task "One"\nrun blocked tasks\nstop rehearsal-9';
  expect(scriptOf(script, (text) => foretold(text))).toMatchObject({ kind: 'several' });
  expect(scriptOf('create task "One"\nrnu tasks', (text) => foretold(text))).toMatchObject({
    kind: 'wrong',
    line: 'rnu tasks',
  });
});
