import { expect, test } from 'vitest';
import type { Alert } from '../../../src/state/alerts.ts';
import { mostPressingAlert, sortByUrgency } from '../../../src/tui/model/alert-urgency.ts';

const alertOf = (id: string, severity: Alert['severity'], minute: number, instance: string | null = null): Alert => ({
  id,
  severity,
  text: id,
  suggestion: null,
  instance,
  task: null,
  raised_at: `2026-01-01T00:0${minute}:00.000Z`,
});

const ALERTS = [
  alertOf('told', 'info', 5),
  alertOf('old error', 'error', 1, 'a-1'),
  alertOf('warned', 'warning', 4, 'a-2'),
  alertOf('new error', 'error', 2),
];

test('the gravest alerts come first, among equally grave ones the latest', () => {
  expect(sortByUrgency(ALERTS).map(({ id }) => id)).toEqual(['new error', 'old error', 'warned', 'told']);
});

test.each([
  [null, 'new error'],
  ['a-3', 'new error'],
  ['a-1', 'old error'],
  ['a-2', 'warned'],
])('while %s is selected, the alert to see first is: %s', (selected, id) => {
  const alerts = Object.fromEntries(ALERTS.map((alert) => [alert.id, alert]));
  expect(mostPressingAlert(alerts, selected)?.id).toBe(id);
  expect(mostPressingAlert({}, selected)).toBeUndefined();
});
