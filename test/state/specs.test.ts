import { expect, test } from 'vitest';
import type { EventDraft } from '../../src/state/index.ts';
import { stateOf } from './fold.ts';
import { timeOf } from './story.ts';

const imported = (tasks: string[]): EventDraft => ({
  type: 'spec.imported',
  data: {
    spec: { name: 'login', source: '/specs/login', tracked_path: null, policy: 'none', barrier: false, tasks },
  },
});

test('a plan that is imported again replaces the one of its name', () => {
  expect(stateOf(imported(['1']), imported(['1', '2'])).specs).toMatchObject({
    login: { tasks: ['1', '2'], imported_at: timeOf(2) },
  });
});
