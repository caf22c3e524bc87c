import { expect, test } from 'vitest';
import { gemini } from '../../src/agents/gemini.ts';
import { adapterFor } from '../../src/agents/index.ts';
import { INSTEAD } from '../../src/agents/refusal.ts';
import { launchModeOf, modeNamed } from '../../src/state/modes.ts';
import { settingsSchema } from '../../src/state/settings.ts';
import { launchOptions } from './options.ts';

const settings = settingsSchema.parse({ modes: { auto: { autonomy: 'auto', args: { gemini: ['--model', 'x'] } } } });
const mode = (name: string) => launchModeOf(modeNamed(name, settings), 'gemini');
const policy = (name?: string) =>
  gemini.launch(launchOptions(name === undefined ? {} : { mode: mode(name) })).files[0]!.content;

const WIDE = '─'.repeat(40);
/** The screen of Gemini CLI 0.61 with this above its input box. */
const screen = (said: string, typed = '  Type your message or @path/to/file'): string => `
 ▝▜▄     Gemini CLI v0.61.0
${said}
                                     ? for shortcuts
${WIDE}
 Shift+Tab to accept edits
${'▄'.repeat(40)}
 > ${typed}
${'▀'.repeat(40)}
 workspace (/directory)    branch    sandbox    /model
 /w/x-1                    x         no sandbox  Auto
`;
const plain = (said: string): string => screen(said).replaceAll(/^[▄▀]+$/gm, '');

const dialog = (rows: string): string => `
${'▄'.repeat(40)}
 > the prompt
${'▀'.repeat(40)}
╭────────────────────────╮
${rows}
│ ● 1. Allow once        │
│   2. No                │
╰────────────────────────╯
`;

test('[AGT-7] each autonomy has its arguments for Gemini', () => {
  expect(['safe', 'tdd', 'auto', 'beast', 'review'].map((name) => gemini.flags(mode(name)).join(' '))).toEqual([
    '--approval-mode default',
    '--approval-mode auto_edit',
    '--approval-mode auto_edit --model x',
    '--approval-mode yolo',
    '--approval-mode plan',
  ]);
  expect(gemini.flags(undefined)).toEqual(['--approval-mode', 'auto_edit']);
});

test.each(['commit', 'merge'])(
  'it may %s without a question except where it asks before all, and in a review',
  (word) => {
    expect([undefined, 'tdd', 'safe', 'review'].map((name) => policy(name).includes(`"git ${word}"`))).toEqual([
      ...[true, true, false, false],
    ]);
    expect(policy('safe')).toContain('commandPrefix = ["drover report"]');
  },
);

test('a new conversation has an id that is known before the start, and an old one is gone on with', () => {
  const { uuid, home } = launchOptions();
  const first = gemini.launch(launchOptions());
  expect([first.argv.slice(-2), first.conversation]).toEqual([['--session-id', uuid], uuid]);
  expect(first.argv).toEqual(
    expect.arrayContaining(['--include-directories', home, '--policy', `${home}/policy.toml`]),
  );
  const again = gemini.launch(launchOptions({ resume: 'old-id', prompt: '--help me' }));
  expect([again.argv.slice(-3), again.conversation]).toEqual([
    ['--resume', 'old-id', '--prompt-interactive=--help me'],
    'old-id',
  ]);
  expect(adapterFor('gemini', settings)).toBe(gemini);
});

test('its state is read from its screen, with many colours and with few', () => {
  const box = '╭──╮\n│ ✓  Shell touch a │\n╰──╯';
  for (const shown of [screen, plain])
    expect(
      [
        'Tips for getting started:',
        '✦ word0\n ⠋ Thinking... (esc to cancel, 1s)',
        '✦ all done\n  and more\n\nbelow',
        box,
        '✕ [API Error: {"error":{"code":400,"message":"scripted error"}}]\nℹ This request failed.',
        '✕ no such model',
        '✦ word0\nℹ Request cancelled.',
      ].map((said) => gemini.readScreen!(shown(said))),
    ).toEqual([
      { kind: 'ready' },
      { kind: 'working' },
      { kind: 'finished', summary: 'all done and more' },
      { kind: 'finished' },
      { kind: 'failed', class: 'agent', message: 'scripted error' },
      { kind: 'failed', class: 'agent', message: expect.stringContaining('no such model') },
      { kind: 'failed', class: 'stopped', message: 'interrupted', ifAsking: INSTEAD },
    ]);
  expect(gemini.readScreen!('Waiting for auth...')).toBeUndefined();
});

test('its dialogs are questions: for a command that what is run, whatever the model calls it', () => {
  const asks = (tool: string, subject: string, whole: boolean) => ({ tool, subject, helper: null, whole });
  const asked = [
    '│ ? Shell  only a look  │\n│ │ touch gm.txt  │ │\n│ Allow execution of [Shell]? │',
    '│ ? Shell  git a  │\n│          git b │\n│ │ git a  │ │\n│ │ git b  │ │',
    '│ ? WriteFile  Writing to src/a.ts  │\n│ │ 1 hi  │ │',
    '│ ? Edit  src/a.ts: x => y  │',
    '│ Do you trust the files in this folder? │',
    '│ Something else │',
  ].map((rows) => gemini.readScreen!(dialog(rows)));
  expect(asked).toEqual([
    { kind: 'waiting', question: 'May it use Bash: touch gm.txt?', asks: asks('Bash', 'touch gm.txt', true) },
    { kind: 'waiting', question: 'May it use Bash: git a git b?', asks: asks('Bash', 'git a git b', false) },
    { kind: 'waiting', question: 'May it use Write: src/a.ts?', asks: asks('Write', 'src/a.ts', true) },
    { kind: 'waiting', question: 'May it use Edit: src/a.ts: x => y?', asks: asks('Edit', 'src/a.ts: x => y', false) },
    { kind: 'waiting', question: 'Do you trust the files in this folder?' },
    { kind: 'waiting', question: 'It asks for a choice.' },
  ]);
});

test('its input box holds what was typed, and none is there while a dialog is', () => {
  expect(gemini.readBox!(screen(''))).toBe('');
  expect(gemini.readBox!(screen('', 'do\n   this'))).toBe('do\nthis');
  expect(gemini.readBox!(' > open')).toBe('open');
  // With the sign of one who asks for nothing; below the first line such a sign is a person's own.
  expect(gemini.readBox!(' *   Type your message or @path/to/file')).toBe('');
  expect(gemini.readBox!(' * do:\n   * this')).toBe('do:\n* this');
  expect(gemini.readBox!(dialog('│ Sure? │'))).toBeUndefined();
});

test.each([
  ['May it use Shell: ls?', 'yes', ['wait:500', 'Enter'], undefined],
  ['May it use Shell: ls?', '2', ['wait:500', 'text:2'], undefined],
  ['May it use Shell: ls?', 'no', ['wait:500', 'Escape', 'wait:500'], expect.stringMatching(/^No, not that/)],
  ['May it use Shell: ls?', 'use rm', ['wait:500', 'Escape', 'wait:500'], 'use rm'],
  [INSTEAD, 'no', ['text:no', 'Enter'], undefined],
])('asked "%s" the answer "%s" is given by the right keys', (question, answer, keys, afterwards) => {
  expect(gemini.reply(question, answer)).toEqual({ keys, ...(afterwards === undefined ? {} : { afterwards }) });
});

test('which account it uses is chosen in its terminal', () => {
  const asked = dialog('│ How would you like to authenticate for this project? │');
  expect(gemini.readScreen!(asked)).toMatchObject({ kind: 'waiting', attach: true });
  expect([asked, screen('✦ all done')].map((text) => gemini.readAsking!(text))).toEqual([true, false]);
});
