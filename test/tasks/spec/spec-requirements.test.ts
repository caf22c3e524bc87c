import { expect, test } from 'vitest';
import { parseRequirements } from '../../../src/tasks/spec/spec-requirements.ts';
import { requirementsText } from '../source.ts';

test('[TSK-3] the real requirements have 115 criteria in 22 requirements', () => {
  const criteria = parseRequirements(requirementsText);
  expect(criteria.size).toBe(115);
  expect(new Set([...criteria.keys()].map((id) => id.split('.')[0])).size).toBe(22);
  expect(criteria.get('1.1')).toEqual({
    title: 'Multi-Instance Launch and Coordination',
    text: 'WHEN launching parallel execution THEN the system SHALL create multiple isolated workspace directories with separate git branches for each Kiro instance',
  });
  expect(criteria.get('22.6')?.text).toMatch(/^WHEN message bus fails/);
});

test('criteria may carry their whole id, go on in the next line, and repeat nothing', () => {
  const criteria = parseRequirements(
    [
      '## Requirement 3 - Storage',
      '**Acceptance Criteria**',
      '- 3.1 WHEN it rains',
      '  THEN it is wet',
      '2) second',
      '2. again',
      '',
      '   stray',
      '```',
      '9. code',
      '```',
      '## Notes',
      '1. not a criterion',
    ].join('\r\n'),
  );
  expect([...criteria]).toEqual([
    ['3.1', { title: 'Storage', text: 'WHEN it rains THEN it is wet' }],
    ['3.2', { title: 'Storage', text: 'second' }],
  ]);
});

test('sentences in EARS style count without a heading of their own', () => {
  const criteria = parseRequirements('1. WHEN early\n### 4.\n1. WHEN a THEN b\n2. a plain item\n3. **IF** c');
  expect([...criteria.keys()]).toEqual(['4.1', '4.3']);
  expect(criteria.get('4.1')?.title).toBe('');
});
