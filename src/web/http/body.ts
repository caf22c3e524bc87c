import { z } from 'zod';
import { jsonFault } from '../../lib/json-fault.ts';
import { issueText } from '../../state/issue-text.ts';
import { notUnderstood } from '../errors.ts';

/** The longest body that is taken, in bytes. A plan that a command imports may be long. */
export const LONGEST_BODY = 1024 * 1024;
const LONGEST_LINE = 64 * 1024;

const ID = /^[A-Za-z0-9._-]{1,40}$/u;

export const loginSchema = z.strictObject({ token: z.string().max(200) });

const shared = {
  repo: z.string().max(200).optional(),
  confirm: z.string().max(2000).optional(),
  id: z.string().regex(ID, 'it takes 1 to 40 letters, digits, dots, underscores and hyphens').optional(),
  said_at: z.iso.datetime({ offset: true }).optional(),
};

export const commandSchema = z.strictObject({
  line: z.string().min(1).max(LONGEST_LINE),
  ...shared,
  input: z.string().max(LONGEST_BODY).optional(),
});

const value = z.union([z.string().max(LONGEST_LINE), z.number(), z.boolean(), z.array(z.string().max(1000)).max(1000)]);

/** A command by its name: what stands in the line otherwise stands in fields. */
export const namedCommandSchema = z.strictObject({
  parameters: z.record(z.string(), value).optional(),
  modifiers: z.array(z.string().max(100)).max(20).optional(),
  ...shared,
});

/** The body of a request, as its schema wants it; `toString` and the like are no keys of it. */
export const readBody = async <S extends z.ZodType>(request: Request, schema: S): Promise<z.infer<S>> => {
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/json\b/iu.test(type)) throw notUnderstood({ why: 'its body is not said to be application/json' });
  const text = await request.text();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    const { what, line } = jsonFault(text);
    throw notUnderstood({ why: `its body is no JSON: ${what} in line ${line}` }, error);
  }
  const read = schema.safeParse(body);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw notUnderstood({
    why: `${issue?.path.map(String).join('.') || 'its body'}: ${issue ? issueText(issue) : 'it is not valid'}`,
  });
};
