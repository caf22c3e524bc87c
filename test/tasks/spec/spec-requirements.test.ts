import { expect, test } from 'vitest';
import { criteriaFinder, parseRequirements, readRequirements } from '../../../src/tasks/spec/spec-requirements.ts';
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

const ids = (text: string): string[] => [...parseRequirements(text).keys()];

test('[TSK-12] a bugfix.md has its criteria with their whole ids', () => {
  const criteria = parseRequirements(
    '# Bugfix\n## Bug Analysis\n### Current Behavior (Defect)\n\n1.1 WHEN a THEN it fails\n\n### Expected Behavior (Correct)\n\n2.1 WHEN a THEN it works\n\n2.2 IF b THEN it works\n',
  );
  expect([...criteria.keys()]).toEqual(['1.1', '2.1', '2.2']);
  expect(criteria.get('2.1')).toEqual({ title: 'Expected Behavior (Correct)', text: 'WHEN a THEN it works' });
});

test('[TSK-12] a list in which every number is 1 counts as it is shown', () => {
  const { criteria, duplicates } = readRequirements(
    '### Requirement 2\n#### Acceptance Criteria\n1. a\n1. b\n\n1. c\n',
  );
  expect([...criteria].map(([id, { text }]) => `${id} ${text}`)).toEqual(['2.1 a', '2.2 b', '2.3 c']);
  expect(duplicates).toEqual([]);
});

test('[TSK-12] derived requirements have letters, and any heading beside a requirement ends it', () => {
  const list = '#### Acceptance Criteria\n1. a\n';
  expect(ids(`### Requirement 1: X\n${list}### Derived Requirement 1: Y\n${list}### DR2: Z\n${list}`)).toEqual([
    '1.1',
    'DR1.1',
    'DR2.1',
  ]);
  expect(ids(`### Requirement 1: X\n${list}### Phase 2: Y\n1. WHEN b\n## Notes\n1. WHEN c\n`)).toEqual(['1.1']);
  expect(ids(`### Requirement 19: Quality and acceptance criteria\n${list}`)).toEqual(['19.1']);
  expect(ids(`### Requirement 1\n${list.replace('Criteria', 'Criteria for Requirement 1')}`)).toEqual(['1.1']);
});

test('[TSK-12] requirements in other languages are known by their shape', () => {
  expect(ids('### 要件1: 検索\n#### 受け入れ基準\n1. The API shall 答える\n2. b\n')).toEqual(['1.1', '1.2']);
  expect(ids('### 需求 1 - 管理\n#### 驗收標準\n1. 系統 SHALL a\n')).toEqual(['1.1']);
  expect(ids('### Requisito 1: Activación\n#### Criterios de Aceptación\n1. a\n')).toEqual(['1.1']);
  expect(ids('### Krok 1: A\n#### 条件\n1. WHEN a\n### Krok 2: B\n1. WHEN b\n')).toEqual(['1.1', '2.1']);
});

test('stories have bullets for criteria, and dotted headings are criteria themselves', () => {
  expect(ids('### US-1: Quiet\n**Acceptance Criteria:**\n- [ ] a\n- [ ] b\n  - of b\n')).toEqual(['US-1.1', 'US-1.2']);
  const dotted = parseRequirements('### REQ-1: Deck\n#### REQ-1.1: Operations\n- add\n- remove\n#### REQ-1.2: Size\n');
  expect([...dotted].map(([id, { text }]) => `${id} ${text}`)).toEqual(['1.1 Operations; add; remove', '1.2 Size']);
});

test('ids are found with and without their hyphens, and a requirement means all its criteria', () => {
  const find = criteriaFinder(parseRequirements('### DR-1: X\n#### Acceptance Criteria\n1. a\n2. b\n'));
  expect([find('DR1.1'), find('dr-1'), find('1.1')]).toEqual([['DR-1.1'], ['DR-1.1', 'DR-1.2'], []]);
});
