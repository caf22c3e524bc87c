import { expect, test } from 'vitest';
import { paneInstances } from '../../../src/tui/model/instance-list.ts';
import { nameStyle } from '../../../src/tui/model/instance-style.ts';
import { created, stateOf } from '../fake-swarm.ts';

test('the name of an instance has the colour of its theme; what is no colour leaves the name plain', () => {
  const [instance] = paneInstances(stateOf([created(1)]).instances);
  const withColour = (primary_color: string) =>
    nameStyle({ ...instance!, peacock_theme: { ...instance!.peacock_theme, primary_color } });
  expect(withColour('#1a2B3c')).toEqual({ color: '#1a2B3c' });
  for (const text of ['', 'red', '#12345', '#1234567', '#12345g']) expect(withColour(text)).toEqual({});
});
