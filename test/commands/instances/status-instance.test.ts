import { expect, test } from 'vitest';
import { understand } from '../../../src/commands/dispatch.ts';
import { showInstance } from '../../../src/commands/instances/show-instance.ts';
import { statusInstance } from '../../../src/commands/instances/status-instance.ts';
import { languageOf } from '../../helpers/desk.ts';

const language = languageOf([statusInstance]);

test('"status instance" is "show instance" in another word', () => {
  expect(statusInstance).toMatchObject({ run: showInstance.run, params: showInstance.params, role: showInstance.role });
  expect(understand(language, { text: 'status instance rehearsal-1' }).command).toBe(statusInstance);
});
