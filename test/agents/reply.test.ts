import { expect, test } from 'vitest';
import { claude } from '../../src/agents/claude.ts';
import { kiro } from '../../src/agents/kiro.ts';
import { rehearsal } from '../../src/agents/rehearsal.ts';
import { meaningOf, shortReply } from '../../src/agents/reply.ts';

test.each([
  ['yes', 'yes'],
  ['Y', 'yes'],
  [' ok. ', 'yes'],
  ['No!', 'no'],
  ['n', 'no'],
  ['deny', 'no'],
  ['yes, but slowly', undefined],
  ['nothing', undefined],
  ['', undefined],
])('"%s" means %s', (said, meaning) => {
  expect(meaningOf(said)).toBe(meaning);
});

test('in a dialog of Claude’s, yes is its first choice, a number is that choice, and a no is told what comes next', () => {
  const reply = (answer: string) => claude.reply('May it use Bash: rm -rf build?', answer);
  expect(reply('yes')).toEqual({ keys: ['wait:700', 'Enter'] });
  expect(reply('2')).toEqual({ keys: ['wait:700', 'text:2'] });
  // Typed as they are, these words would end in the Enter that means yes.
  const no = ['wait:700', 'Escape', 'wait:700'];
  expect(reply('no')).toEqual({ keys: no, afterwards: expect.stringMatching(/^No, /) });
  expect(reply('use the other folder')).toEqual({ keys: no, afterwards: 'use the other folder' });
});

test('Kiro’s list is answered by its rows and its plain question by a letter', () => {
  const list = (answer: string) => kiro.reply('fs_write requires approval', answer);
  expect(list('yes')).toEqual({ keys: ['Enter'] });
  const no = ['Down', 'Down', 'Enter', 'wait:500'];
  expect(list('no')).toEqual({ keys: no, afterwards: expect.stringMatching(/^No, /) });
  expect(list('read it first')).toEqual({ keys: no, afterwards: 'read it first' });
  const plain = "Allow this action? Use 't' to trust (always allow) this tool for the session. [y/n/t]:";
  expect(kiro.reply(plain, 'no')).toEqual({ keys: ['text:n', 'Enter'] });
  expect(kiro.reply(plain, 't')).toEqual({ keys: ['text:t', 'Enter'] });
});

test('a question that wants a line gets the line', () => {
  expect(rehearsal.reply('Which port?', '8080')).toEqual({ keys: ['text:8080', 'Enter'] });
  expect(shortReply('Go on? [y/N]', 'yes')).toEqual({ keys: ['text:y', 'Enter'] });
  expect(shortReply('Go on? (yes/no)', 'yes')).toEqual({ keys: ['text:yes', 'Enter'] });
  expect(shortReply('Go on? [y/N]', 'after lunch')).toEqual({ keys: ['text:after lunch', 'Enter'] });
});
