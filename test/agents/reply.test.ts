import { expect, test } from 'vitest';
import { claude } from '../../src/agents/claude.ts';
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

test('a question that wants a line gets the line', () => {
  expect(rehearsal.reply('Which port?', '8080')).toEqual({ keys: ['text:8080', 'Enter'] });
  expect(shortReply('Go on? [y/N]', 'yes')).toEqual({ keys: ['text:y', 'Enter'] });
  expect(shortReply('Go on? (yes/no)', 'yes')).toEqual({ keys: ['text:yes', 'Enter'] });
  expect(shortReply('Go on? [y/N]', 'after lunch')).toEqual({ keys: ['text:after lunch', 'Enter'] });
});
