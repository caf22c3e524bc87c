import { z } from 'zod';
import type { Command } from '../../commands/define.ts';
import { registry } from '../../commands/index.ts';
import { API, CSRF_HEADER, WEB_ROLES } from '../wire.ts';
import { commandSchema, loginSchema, namedCommandSchema } from './body.ts';

type Json = Readonly<Record<string, unknown>>;

const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });
const content = (schema: Json): Json => ({ 'application/json': { schema } });
const answer = (description: string, schema: Json): Json => ({ description, content: content(schema) });

const REFUSED: Json = {
  '400': answer('What was asked is not understood', ref('Refusal')),
  '401': answer('Nobody is logged in, or the token lets nobody in', ref('Refusal')),
  '403': answer('The role does not allow it, or another site asks', ref('Refusal')),
  '429': answer('There were too many wrong tokens; Retry-After says how long', ref('Refusal')),
  '503': answer('The daemon cannot be reached', ref('Refusal')),
};

/** A later version may answer more: whoever checks an answer must not refuse what is new. */
const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): Json => {
  const { $schema: _draft, ...made } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    },
  });
  return made;
};

const queried = (name: string, description: string, required = false): Json => ({
  ...{ name, in: 'query', required, description, schema: { type: 'string' } },
});
const REPO = queried('repo', 'The id of the repository, as the session names it; without it the first one');

const get = (summary: string, tag: string, more: Json = {}, schema: Json = { type: 'object' }): Json => ({
  get: { summary, tags: [tag], responses: { '200': answer('What was asked for', schema), ...REFUSED }, ...more },
});

const post = (summary: string, tag: string, body: Json, more: Json = {}): Json => ({
  post: {
    ...{ summary, tags: [tag] },
    requestBody: { required: true, content: content(body) },
    responses: { '200': answer('The answer', ref('Reply')), ...REFUSED },
    ...more,
  },
});

/** What a command takes and answers, as the registry says it. */
const pathOf = (command: Command): readonly [string, Json] => {
  const { verb, noun, summary, role, example, modifiers, params, result } = command;
  const shared = schemaOf(namedCommandSchema, 'input') as { properties: Json };
  const parameters = { ...schemaOf(params, 'input'), required: [] };
  const words = modifiers.length === 0 ? { maxItems: 0 } : { items: { enum: modifiers } };
  const body = {
    type: 'object',
    additionalProperties: false,
    properties: { ...shared.properties, parameters, modifiers: { type: 'array', ...words } },
  };
  const data = result === undefined ? {} : { properties: { data: schemaOf(result, 'output') } };
  const description = `Takes the role ${role}. The same as the line: ${example}`;
  const responses = {
    '200': answer('The answer; whether it was carried out "exit" says', {
      allOf: [ref('Reply'), { type: 'object', ...data }],
    }),
    ...REFUSED,
  };
  return [
    `${API}/commands/${noun}/${verb}`,
    post(summary, noun, body, { description, responses, operationId: `${verb}-${noun}` }),
  ];
};

const REPLY: Json = {
  type: 'object',
  required: ['exit', 'message', 'hint', 'text', 'data', 'sideEffects', 'elapsedMs', 'correlation', 'confirm'],
  properties: {
    exit: { type: 'integer', description: '0, or the exit code that the command has in a shell' },
    message: { type: 'string', description: 'One sentence' },
    hint: { type: ['string', 'null'] },
    text: { type: 'string', description: 'What a terminal shows' },
    data: { description: 'What the command answers' },
    sideEffects: { type: 'array', items: { type: 'string' } },
    elapsedMs: { type: 'number' },
    correlation: { type: 'string' },
    confirm: {
      description: 'What would be lost; its token says the same command again as confirmed',
      oneOf: [
        { type: 'null' },
        {
          type: 'object',
          required: ['targets', 'loses', 'token', 'expires'],
          properties: {
            targets: { type: 'array', items: { type: 'string' } },
            loses: { type: 'string' },
            token: { type: 'string' },
            expires: { type: 'string' },
          },
        },
      ],
    },
  },
};

const REFUSAL: Json = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message', 'hint'],
      properties: { code: { type: 'string' }, message: { type: 'string' }, hint: { type: 'string' } },
    },
  },
};

const SESSION: Json = {
  type: 'object',
  required: ['role', 'actor', 'auth', 'repositories', 'version', 'csrf', 'expires'],
  properties: {
    role: { enum: WEB_ROLES },
    actor: { type: 'string' },
    auth: { enum: ['token', 'none'] },
    repositories: {
      type: 'array',
      items: { type: 'object', properties: { id: { type: 'string' }, name: { type: 'string' } } },
    },
    version: { type: 'string' },
    csrf: { type: 'string', description: `Goes into the header ${CSRF_HEADER} of each POST of this session` },
    expires: { type: ['string', 'null'] },
  },
};

const OPEN = { security: [] };
const session = { responses: { '200': answer('The session', ref('Session')), ...REFUSED } };

const ownPaths: Json = {
  [`${API}/login`]: post('Begin a session with a token', 'session', schemaOf(loginSchema, 'input'), {
    ...session,
    ...OPEN,
  }),
  [`${API}/logout`]: {
    post: {
      summary: 'End the session',
      tags: ['session'],
      responses: { '200': answer('It is ended', { type: 'object' }), ...REFUSED },
    },
  },
  [`${API}/session`]: get('Who asks', 'session', {}, ref('Session')),
  [`${API}/state`]: get('The state of the swarm, which events go on from', 'swarm', { parameters: [REPO] }),
  [`${API}/language`]: get('What a line may say', 'swarm', { parameters: [REPO] }),
  [`${API}/complete`]: get('How a line may go on, and what it would do', 'swarm', {
    parameters: [REPO, queried('line', 'What was typed', true)],
  }),
  [`${API}/history`]: get('How many agents waited and what was spent, over time', 'swarm', { parameters: [REPO] }),
  [`${API}/logs`]: get('Lines of terminals with a text', 'swarm', {
    parameters: [
      REPO,
      queried('text', 'The text; upper and lower case are the same', true),
      queried('instance', 'Only of this instance'),
      queried('task', 'Only of those that worked on this task'),
      queried('limit', 'Only so many, from 1 to 1000; 200 without it'),
    ],
  }),
  [`${API}/command`]: post('Say a line', 'swarm', schemaOf(commandSchema, 'input')),
  [`${API}/events`]: get('The socket (WebSocket) of events and terminals', 'swarm', {
    parameters: [REPO, queried('since', 'The number of the last event that is known')],
    responses: { '101': { description: 'Frames as src/web/wire.ts has them' }, ...REFUSED },
  }),
};

/** The document of the interface, from the same registry and schemas that answer. */
export const openApiDocument = (version: string): Json => ({
  openapi: '3.1.0',
  info: {
    title: 'Drover',
    version,
    description:
      'A swarm of coding agents, as its page and scripts speak with it. Every command is one of the language.',
  },
  servers: [{ url: '/' }],
  security: [{ token: [] }, { session: [] }],
  paths: { ...ownPaths, ...Object.fromEntries(registry.commands.map(pathOf)) },
  components: {
    schemas: { Reply: REPLY, Refusal: REFUSAL, Session: SESSION },
    securitySchemes: {
      token: { type: 'http', scheme: 'bearer', description: 'A token of "drover web token create"' },
      session: {
        type: 'apiKey',
        in: 'cookie',
        name: 'drover',
        description: `With the header ${CSRF_HEADER} for each POST`,
      },
    },
  },
});
