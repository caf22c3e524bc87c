import { nameTaken, paneDead, targetMissing } from '../../../src/tmux/errors.ts';
import type { PaneInfo, Tmux } from '../../../src/ports/index.ts';
import type { TargetProcesses } from '../../../src/ports/target.ts';
import { type Agent, startAgent, type Surroundings } from './agents.ts';
import type { Life } from './life.ts';
import { partial } from './partial.ts';

type Pane = PaneInfo & {
  readonly agent: Agent;
  /** The program below the shell of the pane, which `pid` is. */
  readonly program: number;
  readonly launchFile: string;
  once: string | undefined;
  readonly messages: Set<string>;
};

type Server = { readonly id: string; readonly pid: number; readonly panes: Map<string, Pane> };

/** The tmux server of a machine, and the processes in its panes. */
export type TmuxWorld = {
  readonly panes: () => readonly Pane[];
  /** `kill -9` of the server: everything in it goes. */
  readonly killServer: () => void;
  readonly portFor: (life: Life) => Tmux;
  readonly processesFor: (life: Life) => TargetProcesses;
};

type Place = {
  readonly spool: string;
  readonly instances: string;
  /** The server does not remember what was typed. */
  readonly forgets: boolean;
};

export const openTmux = (around: Surroundings, place: Place): TmuxWorld => {
  const { files } = around;
  let server: Server | undefined;
  let count = 0;
  const ends = new Map<number, Set<() => void>>();
  const panes = (): Pane[] => [...(server?.panes.values() ?? [])];
  const next = (): number => {
    count += 1;
    return count + 100;
  };
  const over = (pid: number): void => {
    for (const resolve of ends.get(pid) ?? []) resolve();
    ends.delete(pid);
  };
  const endPane = (pane: Pane): void => {
    pane.agent.kill();
    server?.panes.delete(pane.session);
    over(pane.pid);
  };
  const living = (): Pane[] => panes().filter(({ dead }) => !dead);
  const find = (id: string): Pane => {
    const found = panes().find(({ pane }) => pane === id);
    if (!found) throw targetMissing({ target: id });
    if (found.dead) throw paneDead({ pane: id });
    return found;
  };
  const create: Tmux['create'] = async ({ session, droverId, cwd, launchFile, cols, rows, title, word }) => {
    server ??= { id: `server-${next()}`, pid: next(), panes: new Map() };
    if (server.panes.has(session)) throw nameTaken({ session });
    const id = droverId.split('/').at(-1)!;
    const own = server;
    const agent = startAgent(around, {
      ...{ id, cwd, spool: `${place.spool}/${id}`, token: files.text(`${place.instances}/${id}/token`) ?? '' },
      ended: (code) => {
        const pane = own.panes.get(session);
        if (pane?.agent !== agent) return;
        own.panes.set(session, { ...pane, dead: true, exitCode: code });
        over(pane.pid);
      },
    });
    const pane: Pane = {
      ...{ session, droverId, pane: `%${next()}`, pid: next(), program: next(), launchFile, agent },
      ...{ dead: false, exitCode: null, exitSignal: null, cols, rows, title, attached: 0, server: server.id },
      isLogged: true,
      ...{ once: undefined, messages: new Set(word === undefined ? [] : [word]) },
    };
    server.panes.set(session, pane);
    return pane;
  };
  const type = (id: string, text: string, { enter = false, once, isMessage = false }: Typed = {}): boolean => {
    const pane = find(id);
    if (once !== undefined && !place.forgets && (isMessage ? pane.messages.has(once) : pane.once === once))
      return false;
    if (once !== undefined && isMessage) pane.messages.add(once);
    else if (once !== undefined) pane.once = once;
    if (enter) pane.agent.hear(text);
    return true;
  };
  const withMark = (prefix: string): Pane[] => panes().filter(({ droverId }) => droverId.startsWith(prefix));

  const portFor = ({ act }: Life): Tmux =>
    partial<Tmux>('tmux', {
      version: async () => '3.4',
      create: (spec) => act(`create ${spec.session}`, () => create(spec)),
      list: (prefix) => act(`list ${prefix}`, () => withMark(prefix)),
      look: (prefix) => act('look', () => ({ panes: withMark(prefix), screens: new Map() })),
      sessionNames: () => act('sessionNames', () => panes().map(({ session }) => session)),
      type: (id, text, options) => act(`type ${id}`, () => type(id, text, options)),
      reply: (id, keys, once) =>
        act(`reply ${id}`, () => {
          const text = keys.flatMap((key) => (key.startsWith('text:') ? [key.slice('text:'.length)] : [])).join('');
          return type(id, text, { enter: true, once });
        }),
      knows: (id, word) => act(`knows ${id}`, () => panes().some((one) => one.pane === id && one.messages.has(word))),
      press: (id, ...keys) =>
        act(`press ${id} ${keys.join(' ')}`, () => {
          for (const key of keys) find(id).agent.press(key);
        }),
      capture: (id) => act(`capture ${id}`, () => ''),
      kill: (mark) =>
        act(`kill ${mark}`, () => {
          for (const pane of panes()) if (pane.droverId === mark) endPane(pane);
          // A server ends with its last session.
          if (server?.panes.size === 0) server = undefined;
          return [];
        }),
      server: () => act('server', () => (server ? { pid: server.pid, id: server.id } : null)),
      nudge: async () => undefined,
    });

  const table = (): string =>
    living()
      .flatMap(({ pid, program, launchFile, agent }) => [
        `${pid} 1 pts/${pid} Ss sh /assets/pane.sh ${launchFile}`,
        `${program} ${pid} pts/${pid} ${frozen.has(program) ? 'T' : 'S'} rehearsal ${agent.id}`,
      ])
      .join('\n');
  const frozen = new Set<number>();
  const signal = (pids: readonly number[], what: 'stop' | 'continue' | 'kill'): readonly number[] => {
    for (const pane of living()) {
      if (!pids.includes(pane.program)) continue;
      if (what === 'stop') frozen.add(pane.program);
      else frozen.delete(pane.program);
      pane.agent.freeze(what === 'stop');
    }
    return [];
  };
  const runs = (pid: number): boolean => living().some((one) => one.pid === pid || one.program === pid);

  const processesFor = ({ act }: Life): TargetProcesses =>
    partial<TargetProcesses>('processes', {
      find: async () => null,
      run: ({ file }) =>
        act(`run ${file}`, () => ({
          code: 0,
          signal: null,
          stdout: file === 'ps' ? table() : '',
          stderr: '',
          timedOut: false,
        })),
      freePorts: async (ports) => ports,
      running: (pids) => act('running', () => new Set(pids.filter(runs))),
      livingIn: (folder) =>
        act('livingIn', () =>
          living().flatMap(({ pid, agent }) => (agent.cwd === folder ? [{ pid, argv: ['sh'] }] : [])),
        ),
      lostForwarders: async () => [],
      endForwarder: async () => false,
      ended: (pid) =>
        new Promise<void>((resolve) => {
          if (runs(pid)) ends.set(pid, (ends.get(pid) ?? new Set()).add(resolve));
          else resolve();
        }),
      signal: (pids, what) => act(`signal ${what}`, () => signal(pids, what)),
      lineages: async () => new Map(),
      marks: (pids) => act('marks', () => new Map(pids.filter(runs).map((pid) => [pid, `mark ${pid}`]))),
      halted: async () => [],
      // Its programs end with their sessions.
      programIn: async () => [],
      measure: async () => new Map(),
    });

  return {
    ...{ panes, portFor, processesFor },
    killServer: () => {
      for (const pane of panes()) endPane(pane);
      server = undefined;
    },
  };
};

type Typed = { readonly enter?: boolean; readonly once?: string; readonly isMessage?: boolean };
