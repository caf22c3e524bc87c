import { expect, test } from 'vitest';
import { understand } from '../../../src/commands/dispatch.ts';
import { showGroup } from '../../../src/commands/instances/show-group.ts';
import { statusGroup } from '../../../src/commands/instances/status-group.ts';
import { languageOf } from '../../helpers/desk.ts';

const language = languageOf([statusGroup]);

test('"status group" is "show group" in another word', () => {
  expect(statusGroup).toMatchObject({ run: showGroup.run, params: showGroup.params, role: showGroup.role });
  expect(understand(language, { text: 'status group backend' }).command).toBe(statusGroup);
});
