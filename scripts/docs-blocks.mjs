// The generated parts of the documents, from the registry, the lexicon and the settings.

import { adapterFor, agentNames } from '../src/agents/index.ts';
import { COMMON_ENV } from '../src/agents/launch-script.ts';
import { LOADED_VERBS, MODIFIERS, NOUNS, STATES, VERBS } from '../src/protocol/lexicon.ts';
import { modeNamed, modeNames } from '../src/state/modes.ts';
import { settingsJsonSchema, variableOf } from '../src/state/setting-layers.ts';
import { settingsSchema } from '../src/state/settings.ts';
import { describeCommand, describeShellCommand, shellName } from '../src/text/help/describe-command.ts';
import { GLOSSARY } from '../src/text/help/glossary.ts';
import { laterOf } from '../src/text/help/help-pages.ts';
import { valuesOf } from '../src/text/help/parameters.ts';
import { GLOBAL_OPTIONS, shellCommands } from '../src/text/help/shell-commands.ts';
import { EXIT_CODES, INSTANCE_MEANINGS, TASK_MEANINGS, TASK_WORD_MEANINGS } from '../src/text/help/topics.ts';
import { keyTables } from '../src/tui/control/key-list.ts';
import { PROMPT_HELP } from '../src/tui/prompt/prompt-keys.ts';
import { definitions, idOf, isRecord } from './docs-schemas.mjs';

const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ');
const code = (text) => (text === '' ? '' : `\`${text}\``);
const words = (text) => text.split(' ').filter((word) => word !== '');

const table = (head, rows) =>
  rows.length === 0
    ? []
    : [
        `| ${head.join(' | ')} |`,
        `|${head.map(() => '---').join('|')}|`,
        ...rows.map((row) => `| ${row.map(cell).join(' | ')} |`),
      ];

/** What a schema says in a few words; records are named. */
const typeOf = (schema) => {
  const ref = /^#\/\$defs\/(?<id>.+)$/u.exec(schema.$ref ?? '')?.groups?.id;
  if (ref !== undefined)
    return isRecord(ref) ? `[${ref}](#${ref}-record)` : `what [${ref.replace('-', ' ')}](#${ref}) answers`;
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeOf))].join(' or ');
  if (schema.allOf) return 'object';
  if (schema.type === 'array') return `list of ${typeOf(schema.items ?? {})}`;
  if (schema.type === 'null') return 'null';
  if (schema.type === 'object') return 'object';
  if (schema.enum && schema.enum.length > 8) return 'text';
  return schema.type === undefined && schema.const === undefined && !schema.enum ? 'anything' : valuesOf(schema);
};

const fieldsOf = (schema) => Object.assign({}, ...(schema.allOf ?? []).map(fieldsOf), schema.properties);

/** Fields of a record that does not stand under a name of its own. */
const fieldRows = (schema) =>
  Object.entries(fieldsOf(schema)).map(([name, field]) => [code(name), typeOf(field), field.description ?? '']);

const answer = (command, defs) => {
  const schema = defs[idOf(command)];
  if (!schema) return [];
  const inner = schema.type === 'array' ? schema.items : schema;
  const rows = inner.$ref ? [] : fieldRows(inner);
  const described = schema.description ? `: ${schema.description}` : '';
  return [
    `Answers with ${typeOf(schema)}${described}.`,
    ...(rows.length > 0 ? ['', ...table(['field', 'type', ''], rows)] : []),
  ];
};

const commandSection = (command, defs) => {
  const of = describeCommand(command);
  const parameters = of.parameters.map((one) => [
    code(one.name),
    `${one.values}${one.required ? ', required' : ''}`,
    one.description,
  ]);
  return [
    `### ${of.name}`,
    '',
    `${of.summary}.`,
    '',
    `- Usage: ${code(of.usage)}`,
    `- In a shell: ${code(`drover ${of.shell}`)}`,
    `- Example: ${code(of.example)}, in a shell ${code(of.shell_example)}`,
    `- Role: ${of.role}${of.agents ? '; agents as well, about themselves' : ''}`,
    `- Destructive: ${of.destructive ? 'yes, asks first when something is at stake' : 'no'}`,
    ...(of.modifiers.length > 0 ? [`- Modifiers: ${of.modifiers.map(code).join(', ')}`] : []),
    ...(of.aloud.length > 0 ? [`- As it does anyway: ${of.aloud.map(code).join(', ')}`] : []),
    ...(of.later.length > 0 ? [`- Not available yet: ${of.later.map(code).join(', ')}`] : []),
    '',
    ...(parameters.length > 0 ? [...table(['parameter', 'values', ''], parameters), ''] : []),
    ...answer(command, defs),
    '',
  ];
};

const commandsBlock = ({ commands }) => {
  const defs = definitions(commands);
  const nouns = [...new Set(commands.map((one) => one.noun))];
  const records = Object.entries(defs).filter(([id]) => isRecord(id));
  return [
    ...nouns.flatMap((noun) => [
      `## ${noun}`,
      '',
      ...commands.filter((one) => one.noun === noun).flatMap((one) => commandSection(one, defs)),
    ]),
    '## Records',
    '',
    'What several commands answer with.',
    '',
    ...records.flatMap(([id, schema]) => [
      `### ${id} record`,
      '',
      ...table(['field', 'type', ''], fieldRows(schema)),
      '',
    ]),
  ];
};

const localBlock = () =>
  shellCommands.flatMap((local) => {
    const of = describeShellCommand(local);
    return [
      `### drover ${of.name}`,
      '',
      `${of.summary}.`,
      '',
      `- Usage: ${code(of.usage)}`,
      `- Example: ${code(of.example)}`,
      `- Role: ${of.role}`,
      `- Destructive: ${of.destructive ? 'yes, asks first' : 'no'}`,
      '',
      ...(of.parameters.length > 0
        ? [
            ...table(
              ['option', ''],
              of.parameters.map((one) => [code(one.name), one.description]),
            ),
            '',
          ]
        : []),
    ];
  });

/** Keys of a JSON Schema with all that is said of each; those below names of the user's come with `<name>`. */
const settingRows = (schema, path = '') =>
  Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => {
    const key = path === '' ? name : `${path}.${name}`;
    if (inner.properties) return settingRows(inner, key);
    const below = typeof inner.additionalProperties === 'object' ? inner.additionalProperties : undefined;
    const free = path.includes('<name>');
    const row = [
      code(key),
      below ? 'object by name' : inner.type === 'array' ? 'list of text' : valuesOf(inner),
      inner.default === undefined ? '' : code(JSON.stringify(inner.default)),
      free ? '' : code(variableOf(key)),
      inner.description ?? '',
    ];
    return [row, ...(below?.properties ? settingRows(below, `${key}.<name>`) : [])];
  });

const settingsBlock = () =>
  table(['key', 'type', 'default', 'variable', 'what it is'], settingRows(settingsJsonSchema()));

const modesBlock = () => {
  const defaults = settingsSchema.parse({});
  const rows = modeNames(defaults).map((name) => modeNamed(name, defaults));
  return table(
    ['mode', 'what it is for', 'without asking', 'tries again', 'allowed'],
    rows.map((mode) => [
      code(mode.name),
      mode.description,
      mode.autonomy,
      mode.retries,
      mode.enabled ? 'yes' : 'when enabled',
    ]),
  );
};

const verbsBlock = () => {
  const loaded = Object.entries(LOADED_VERBS).map(([word, reading]) => [
    word.replaceAll('-', ' '),
    [
      reading.verb,
      ...(reading.modifiers ?? []),
      ...Object.entries(reading.parameters ?? {}).map((pair) => pair.join('=')),
    ].join(' '),
  ]);
  const rows = Object.entries(VERBS).map(([verb, accepted]) => [
    code(verb),
    [
      ...words(accepted).map((word) => word.replaceAll('-', ' ')),
      ...loaded.filter(([, means]) => means.split(' ')[0] === verb).map(([word, means]) => `${word} (= ${means})`),
    ].join(', '),
  ]);
  return table(['verb', 'also'], rows);
};

const wordsBlock = (head, lexicon) =>
  table(
    [head, 'also'],
    Object.entries(lexicon).map(([word, accepted]) => [
      code(word),
      words(accepted)
        .map((one) => one.replaceAll('-', ' '))
        .join(', '),
    ]),
  );

/** The nouns that a command takes today; the others stand beside the verbs that are to take them. */
const nounsBlock = ({ commands }) => {
  const taken = new Set(commands.map(({ noun }) => noun));
  return wordsBlock('noun', Object.fromEntries(Object.entries(NOUNS).filter(([noun]) => taken.has(noun))));
};

/** What the words for states mean of an instance and of a task: the language says two of them otherwise than the data. */
const statesBlock = () => {
  const ofInstances = { ...INSTANCE_MEANINGS, running: INSTANCE_MEANINGS.working };
  const ofTasks = { ...TASK_MEANINGS, completed: TASK_MEANINGS.done, ...TASK_WORD_MEANINGS };
  return table(
    ['state', 'also', 'an instance', 'a task'],
    Object.entries(STATES).map(([state, accepted]) => [
      code(state),
      words(accepted)
        .map((one) => one.replaceAll('-', ' '))
        .join(', '),
      ofInstances[state] ?? '',
      ofTasks[state] ?? '',
    ]),
  );
};

const pairsBlock = (registry) => {
  const later = laterOf(registry);
  const verbs = [...new Set(registry.signatures.map((one) => one.verb))];
  return table(
    ['verb', 'nouns', 'not available yet'],
    verbs.map((verb) => {
      const nouns = (list) =>
        list
          .filter((one) => one.verb === verb)
          .map((one) => one.noun)
          .join(', ');
      return [code(verb), nouns(registry.commands), nouns(later)];
    }),
  );
};

const variablesBlock = () => {
  const defaults = settingsSchema.parse({});
  const listed = (names) => names.map(code).join(' ');
  return table(
    ['who', 'variables'],
    [
      ['all', listed(COMMON_ENV)],
      ...agentNames(defaults).map((name) => [code(name), listed(adapterFor(name, defaults).passEnv)]),
    ],
  );
};

/** The generated parts by the names that stand in the documents. */
const keysBlock = () => [
  ...keyTables().flatMap(({ title, rows }) => [
    `### ${title}`,
    '',
    ...table(
      ['key', '', 'in'],
      rows.map(([label, help, where]) => [code(label), help, where]),
    ),
    '',
  ]),
  '### Command line',
  '',
  ...table(
    ['key', ''],
    PROMPT_HELP.map(({ label, help }) => [code(label), help]),
  ),
  '',
];

export const blocks = (registry) => ({
  variables: variablesBlock(),
  glossary: GLOSSARY.flatMap(([title, entries]) => [
    `## ${title}`,
    '',
    ...table(
      ['word', ''],
      entries.map(([word, meaning]) => [`**${word}**`, meaning]),
    ),
    '',
  ]),
  keys: keysBlock(),
  commands: commandsBlock(registry),
  'local-commands': localBlock(),
  'global-options': table(
    ['option', ''],
    GLOBAL_OPTIONS.map(({ name, text }) => [code(name), text]),
  ),
  settings: settingsBlock(),
  modes: modesBlock(),
  verbs: verbsBlock(),
  nouns: nounsBlock(registry),
  modifiers: wordsBlock('modifier', MODIFIERS),
  states: statesBlock(),
  pairs: pairsBlock(registry),
  'exit-codes': table(['code', 'meaning'], EXIT_CODES),
});

/** What nobody has said a word about: each is a fault. */
export const undocumented = (registry, texts) => {
  const all = texts.join('\n');
  const keys = settingRows(settingsJsonSchema());
  return [
    ...registry.commands
      .filter((one) => !one.result)
      .map((one) => `${one.verb} ${one.noun} does not say what it answers`),
    ...registry.commands
      .map(describeCommand)
      .flatMap((of) => [
        ...(all.includes(`### ${of.name}\n`) ? [] : [`${of.name} is in no document`]),
        ...of.parameters
          .filter((one) => one.description === '')
          .map((one) => `${of.name}: ${one.name} is not explained`),
      ]),
    ...registry.signatures
      .filter(({ verb, noun }) => !new RegExp(`^\\| \`${verb}\` \\|.*\\b${noun}\\b`, 'mu').test(all))
      .map((one) => `${one.verb} ${one.noun} (${shellName(one)}) is not among the verbs and nouns`),
    ...keys
      .filter((row) => row.at(-1) === '' || !all.includes(row[0]))
      .map(([key]) => `the setting ${key} is not explained`),
  ];
};
