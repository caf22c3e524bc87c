import { expect, test } from 'vitest';
import { openPlans } from '../../src/attention/spec-places.ts';
import type { State } from '../../src/state/index.ts';

test('a plan is offered until it is imported, and none that has the name of another that was', () => {
  const specs = { cart: { tracked_path: '.kiro/specs/cart/tasks.md' } } as unknown as State['specs'];
  const plans = [
    'import spec .kiro/specs/cart',
    'import spec specs/cart',
    'import spec "specs/my cart"',
    'import spec TODO.md',
  ];
  expect(openPlans({ specs }, { plans })).toEqual(['import spec "specs/my cart"', 'import spec TODO.md']);
  expect(openPlans({ specs: {} }, { plans })).toEqual(plans);
});
