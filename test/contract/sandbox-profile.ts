import type { Sandbox } from '../../src/ports/sandbox.ts';
import type { SandboxStage } from './sandbox-stage.ts';

type Expression = string | readonly Expression[];

const TOKEN = /"(?:[^"\\]|\\.)*"|[()]|[^\s()"]+/gu;

/** Reads a profile as the system does: lists of words and strings, and nothing else in it. */
const parse = (text: string): readonly Expression[] => {
  const stack: Expression[][] = [[]];
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '(') stack.push([]);
    else if (token === ')') {
      const list = stack.pop()!;
      stack.at(-1)!.push(list);
    } else stack.at(-1)!.push(token);
  }
  if (stack.length !== 1 || text.replace(TOKEN, '').trim() !== '') throw new Error('this is no profile');
  return stack[0]!;
};

/** What a program asks of the system. */
type Request = { readonly operation: string; readonly path?: string };

const covers = (rule: string, operation: string): boolean =>
  rule === 'default' || (rule.endsWith('*') ? operation.startsWith(rule.slice(0, -1)) : operation === rule);

/** The last rule that is about a request counts. What is not known here is no rule about files or the network. */
const allows = (rules: readonly Expression[], values: Readonly<Record<string, string>>, asked: Request): boolean => {
  const textOf = (one: Expression): string => (typeof one === 'string' ? one.slice(1, -1) : values[textOf(one[1]!)]!);
  const fits = (filter: Expression): boolean => {
    const [kind, value] = filter as readonly Expression[];
    if (kind === 'remote') return value === 'unix-socket' && asked.path !== undefined;
    if (kind !== 'subpath' && kind !== 'literal') return false;
    const path = textOf(value!);
    return asked.path === path || (kind === 'subpath' && (asked.path ?? '').startsWith(`${path}/`));
  };
  const counts = rules.filter((rule) => {
    const [verb, ...rest] = rule as readonly Expression[];
    const operations = rest.filter((one) => typeof one === 'string');
    const filters = rest.filter((one) => typeof one !== 'string');
    return (
      (verb === 'allow' || verb === 'deny') &&
      operations.some((one) => covers(one, asked.operation)) &&
      (filters.length === 0 || filters.some(fits))
    );
  });
  return counts.at(-1)?.[0] === 'allow';
};

/** What the words of `sandbox-exec` say, for a system that has none. */
export const profileStage = (sandbox: Sandbox): SandboxStage => ({
  sandbox,
  can: async (spec, { reads = [], writes = [], ports = [], sockets = [] }) => {
    const words = await sandbox.wall(spec);
    const values = Object.fromEntries(
      words.flatMap((word, n) => {
        const value = words[n + 1] ?? '';
        return word === '-D' ? [[value.slice(0, value.indexOf('=')), value.slice(value.indexOf('=') + 1)]] : [];
      }),
    );
    const rules = parse(words[words.indexOf('-p') + 1]!);
    const can = (operation: string, path?: string) => allows(rules, values, { operation, ...(path && { path }) });
    return {
      reads: reads.map((path) => can('file-read-data', path)),
      writes: writes.map((path) => can('file-write-data', path)),
      ports: ports.map(() => can('network-outbound')),
      sockets: sockets.map((path) => can('network-outbound', path)),
      bytes: () => '',
    };
  },
});
