import { expect, test } from 'vitest';
import { ORDER_RULES, POLICIES } from '../../src/state/specs.ts';
import {
  chainText,
  countRules,
  needsText,
  orderInWords,
  orderText,
  RULE_MEANINGS,
  rulesFor,
  wavesText,
} from '../../src/text/order-text.ts';

const task = { dependencies: ['2.1', '2.2', '1.3', 't9'], dependency_rules: { group: ['2.1', '2.2'], wave: ['1.3'] } };

test('prerequisites are said with their rules, and one without a rule was said by a person', () => {
  expect(needsText(task, {})).toBe('2.1, 2.2 (group), 1.3 (wave), t9');
  expect(rulesFor(task, ['1.3', 't9'])).toEqual({ '1.3': 'wave' });
  expect(needsText({ dependencies: ['1'] }, {})).toBe('1');
});

test('an order is said by where it is from, and with its rules where a graph or the policy kiro gives it', () => {
  const rules = countRules([task, task, {}]);
  expect(rules).toEqual({ group: 4, wave: 2 });
  expect(orderText({ policy: 'kiro', order: 'kiro', barrier: true, rules })).toBe('kiro with barrier: 4 group, 2 wave');
  expect(orderText({ policy: 'kiro', order: 'graph', barrier: true, rules: { graph: 3 } })).toBe(
    'from its graph: 3 graph',
  );
  expect(orderText({ policy: 'kiro', order: 'words', barrier: true, rules: {} })).toBe('as its tasks say');
  expect(orderText({ policy: 'siblings', order: 'siblings', barrier: false, rules: { neighbour: 2 } })).toBe(
    'siblings',
  );
});

test('where nobody chose it an order is said in a few plain words', () => {
  expect(['graph', 'kiro', ...POLICIES].map(orderInWords)).toEqual([
    'from its graph',
    ...['in Kiro’s order', 'in Kiro’s order', 'groups side by side', 'one after the other', 'in no order'],
  ]);
});

test('every rule has a meaning for people', () => {
  expect(Object.keys(RULE_MEANINGS)).toEqual([...ORDER_RULES]);
});

test('long lists of waves and long chains are folded in the middle, and say how much', () => {
  const many = Array.from({ length: 5000 }, (_, at) => at);
  expect(wavesText(many)).toBe('0/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/… 4982 more …/4998/4999');
  expect([wavesText([3, 1]), wavesText([])]).toEqual(['3/1', 'none']);
  expect(chainText(many.map(String)).length).toBeLessThan(200);
  expect(chainText(['1', '2'])).toBe('1 → 2');
});
