import { expect, test } from 'vitest';
import { claude } from '../../src/agents/claude.ts';
import { readDialog, readGoesOn, readRetry } from '../../src/agents/claude-screen.ts';

const RULE = '─'.repeat(60);
const BOX = [RULE, '❯ ', RULE];
const FOOT = '  ⏸ manual mode on                                     ◐ medium · /effort';
const screen = (...lines: readonly string[]): string => `${lines.join('\n')}\n\n`;

const TRUST = screen(
  RULE,
  ' Accessing workspace:',
  '',
  ' Quick safety check: Is this a project you created or one you trust? (Like your own code)',
  '',
  ' ❯ No, exit',
  '   Yes, I trust this folder',
  '',
  ' Enter to confirm · Esc to cancel',
);
const KEY = screen(
  '  Do you want to use this API key?',
  '',
  '    Yes',
  '  ❯ No (recommended)',
  '',
  '  Enter to confirm',
);
const BYPASS = screen(
  '  WARNING: Claude Code running in Bypass Permissions mode',
  '',
  '  ❯ No, exit',
  '    Yes, I accept',
);
const THEME = screen(
  ' Choose the text style that looks best with your terminal',
  '',
  ' ❯ ✔ Auto (match terminal)',
  '     Dark mode',
  '',
);
const LOGIN = screen(
  '  Login',
  '  Select login method:',
  '',
  '  ❯ 1. Claude account',
  '    2. Console account',
  '  Esc',
);

test.each([
  ['trust', TRUST, 'It asks whether you trust this folder. Choices: ❯ No, exit / Yes, I trust this folder'],
  ['API key', KEY, 'It asks whether to use the API key of its environment. Choices: Yes / ❯ No (recommended)'],
  ['bypass', BYPASS, 'It asks whether you accept its mode without permissions. Choices: ❯ No, exit / Yes, I accept'],
  ['colours', THEME, 'It asks for the colours of its first start. Choices: ❯ ✔ Auto (match terminal) / Dark mode'],
  ['login', LOGIN, 'It needs login. Choices: ❯ 1. Claude account / 2. Console account'],
  ['code', 'Paste code here if prompted >', 'It needs login: it waits for the code from the browser.'],
  ['no login', screen(...BOX, `${FOOT} Not logged in · run /login`), 'It needs login: attach to it and say /login.'],
])('the %s dialog is told with its choices', (_name, shown, question) => {
  // A yes answers the others; for these somebody has to look.
  const attach = /^It needs login|colours/u.test(question) ? { attach: true } : {};
  expect(readDialog(shown)).toEqual({ kind: 'waiting', question, ...attach });
});

test('words of a dialog above an open input box are only words', () => {
  expect(readDialog(screen('● Is this a project you created or one you trust?', ...BOX, FOOT))).toBeUndefined();
  expect(readDialog(screen('● Not logged in · Please run /login', '', 'a', 'b', ...BOX, FOOT))).toBeUndefined();
});

const keys = (question: string, answer: string): readonly string[] => claude.reply(question, answer).keys.slice(1);
const asks = (shown: string): string => (readDialog(shown) as { question: string }).question;

test('a dialog of its start is answered by the choice that is meant, never by Enter alone on another one', () => {
  expect(keys(asks(TRUST), 'yes')).toEqual(['Down', 'Enter']);
  expect(keys(asks(TRUST), 'no')).toEqual(['Enter']);
  expect(keys(asks(TRUST), '2')).toEqual(['Down', 'Enter']);
  expect(keys(asks(KEY), 'yes')).toEqual(['Up', 'Enter']);
  expect(keys(asks(THEME), 'dark mode')).toEqual(['Down', 'Enter']);
  expect(keys(asks(LOGIN), 'console')).toEqual(['Down', 'Enter']);
  expect(keys(asks(LOGIN), 'no')).toEqual(['Escape']);
});

test('an answer that is none of the choices presses nothing', () => {
  for (const answer of ['perhaps', '3'])
    expect(() => claude.reply(asks(TRUST), answer)).toThrow(
      expect.objectContaining({ code: 'agents/no-such-choice', message: expect.stringContaining('No, exit / Yes, I') }),
    );
});

test('a question that only looks like such a dialog is answered as what it is', () => {
  expect(keys('May it use Bash: echo Choices: ❯ a / yes?', 'yes')).toEqual(['Enter']);
});

test('a call that is tried again is told by its error and its attempt', () => {
  const shown = screen(
    '❯ go',
    '',
    '✻ 429 This request would exceed your rate limit. · retrying in 9s · attempt 6/10',
    ...BOX,
  );
  expect(readRetry(shown)).toBe('429 This request would exceed your rate limit. · attempt 6/10');
  expect(readRetry(screen('● retrying in 9s is what it says', ...BOX))).toBeUndefined();
});

test('that it goes on by itself is read where it says so', () => {
  expect(readGoesOn(screen('● Usage limit reached · continuing automatically at 9:02am', ...BOX, FOOT))).toBe(true);
  expect(readGoesOn(screen('● hello', ...BOX, FOOT))).toBe(false);
});

test('a dialog that waits for an answer is told from a reply that quotes one', () => {
  const asking = '● Bash(touch made)\n ❯ 1. Yes\n   2. No\n\n Esc to cancel · Tab to amend';
  const quoting = `${asking}\n\n${'─'.repeat(40)}\n❯ \n${'─'.repeat(40)}\n  ? for shortcuts`;
  // What the person said before stands above, behind the same sign.
  const rule = '─'.repeat(40);
  const whole = `❯ touch it\n\n● Bash(touch made)\n  ⎿  Waiting…\n${rule}\n Bash command\n\n   touch made\n\n Do you want to proceed?\n${asking}`;
  expect([asking, whole, quoting, ''].map((screen) => claude.readAsking!(screen))).toEqual([true, true, false, false]);
});

test('how a dialog was answered is read around its box, and nowhere else', () => {
  const working = '  ⏵⏵ accept edits on (shift+tab to cycle) · esc to interrupt · ← for agents';
  const said = (...below: string[]): string =>
    screen('❯ go', '', '● Bash(make)', '  ⎿  Interrupted · What should Claude do instead?', '', ...below);
  const read = (text: string) => claude.readAnswered!(text);
  expect(read(said(...BOX, FOOT))).toBe('rests');
  expect(read(said('❯ once more', '✻ Galloping… (2s)', ...BOX, working))).toBe('works');
  expect(read(said('❯ once more', '✻ Galloping… (2s)', ...BOX, FOOT))).toBeUndefined();
  // A page without a box, and a dialog that stands there.
  expect(read(screen('❯ go', RULE, '  Showing detailed transcript', working))).toBeUndefined();
  expect(read(screen('❯ go', RULE, ' Bash command', ' ❯ 1. Yes', '   2. No', ' Esc to cancel'))).toBeUndefined();
});
