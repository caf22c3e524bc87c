// JSON Schemas of what Drover prints and reads, from the zod schemas that the program itself uses.

import { z } from 'zod';
import { actionResultSchema, structuredActionSchema } from '../src/protocol/action.ts';
import { alertSchema } from '../src/state/alerts.ts';
import { batchSchema } from '../src/state/batches.ts';
import { eventSchema } from '../src/state/event-schema.ts';
import { instanceSchema } from '../src/state/instances.ts';
import { settingsJsonSchema } from '../src/state/setting-layers.ts';
import { specSchema } from '../src/state/specs.ts';
import { runSchema, taskSchema } from '../src/state/tasks.ts';
import { describedSchema } from '../src/text/help/describe-command.ts';
import { rehearsalSchema } from '../src/text/rehearsal-numbers.ts';

const DRAFT = 'https://json-schema.org/draft/2020-12/schema';

/** Records that several commands answer with. */
const RECORDS = {
  instance: instanceSchema,
  task: taskSchema,
  run: runSchema,
  batch: batchSchema,
  alert: alertSchema,
  event: eventSchema,
  spec: specSchema,
  described: describedSchema,
  rehearsal: rehearsalSchema,
};

export const idOf = ({ verb, noun }) => `${verb}-${noun}`;

/** A later version may say more: whoever checks an answer must not refuse what is new. */
const open = ({ jsonSchema }) => {
  if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
};

const OPTIONS = { io: 'output', unrepresentable: 'any', override: open };

/** The definitions of all records and of what each command answers, by name; what is the same is said once. */
export const definitions = (commands) => {
  const ids = new Map(Object.entries(RECORDS).map(([id, schema]) => [schema, id]));
  const same = {};
  for (const command of commands.filter((one) => one.result)) {
    const known = ids.get(command.result);
    if (known === undefined) ids.set(command.result, idOf(command));
    else same[idOf(command)] = { $ref: `#/$defs/${known}` };
  }
  const registry = z.registry();
  for (const [schema, id] of ids) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { ...OPTIONS, uri: (id) => `#/$defs/${id}` });
  const made = Object.fromEntries(
    Object.entries(schemas).map(([id, { $schema: _schema, $id: _id, id: _name, ...schema }]) => {
      const description = [...ids].find(([, name]) => name === id)[0].description;
      return [id, description ? { description, ...schema } : schema];
    }),
  );
  return { ...made, ...same };
};

const document = (title, schema) => ({ $schema: DRAFT, title, ...schema });

const plain = (schema) => {
  const { $schema: _schema, ...rest } = z.toJSONSchema(schema, OPTIONS);
  return rest;
};

/** Whether a definition is a record that commands share, and no command's own. */
export const isRecord = (id) => Object.hasOwn(RECORDS, id);

/** Every schema file of docs/schemas by its name. */
export const schemaFiles = (commands) => ({
  'results.schema.json': document('What "drover <command> --json" prints: a definition for each command', {
    $defs: definitions(commands),
  }),
  'answer.schema.json': document(
    'What "drover do --json" prints: the answer to any command',
    plain(actionResultSchema),
  ),
  'action.schema.json': document(
    'What "drover parse --json" prints: the meaning of a text',
    plain(structuredActionSchema),
  ),
  'event.schema.json': document('A line of "drover events follow --json" and of the journal', plain(eventSchema)),
  'config.schema.json': { ...settingsJsonSchema(), title: '.drover/config.json' },
});
