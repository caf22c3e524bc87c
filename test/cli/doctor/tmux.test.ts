import { describe, expect, test } from 'vitest';
import { judgeTmux, type TmuxFacts } from '../../../src/cli/doctor/tmux.ts';
import { atLeast, versionIn } from '../../../src/lib/version.ts';
import type { ServerFacts } from '../../../src/ports/server-facts.ts';
import { exit, faults, found } from './findings.ts';

describe('tmux', () => {
  const server: ServerFacts = {
    version: '3.7',
    pid: 7,
    socketPath: '/tmp/tmux-0/default',
    options: {
      'exit-unattached': 'off',
      'destroy-unattached': 'off',
      'escape-time': '10',
      'default-terminal': 'tmux-256color',
    },
    hooks: [],
    environment: { HOME: '/home/ada', USER: undefined },
    clients: [],
  };
  const facts: TmuxFacts = {
    program: exit('tmux 3.7\n'),
    server: { kind: 'server', facts: server },
    socket: undefined,
    env: { HOME: '/home/ada' },
    install: 'sudo apt install tmux',
    deadly: [],
  };
  const withServer = (more: Partial<ServerFacts>, rest: Partial<TmuxFacts> = {}) =>
    judgeTmux({ ...facts, ...rest, server: { kind: 'server', facts: { ...server, ...more } } });

  test('a sound program and server have no fault', () => {
    expect(faults(judgeTmux(facts))).toEqual([]);
    expect(faults(judgeTmux({ ...facts, server: { kind: 'none' } }))).toEqual([]);
  });

  test.each([
    [null, 'error tmux.missing'],
    [exit('', { timedOut: true, code: null }), 'error tmux.silent'],
    [exit('hello'), 'error tmux.version-unknown'],
    [exit('tmux 3.4', { code: 1 }), 'error tmux.version-unknown'],
    [exit('tmux 3.1c'), 'error tmux.too-old'],
  ])('a program that cannot serve is the only thing said: %#', (program, fault) => {
    const [only, ...others] = judgeTmux({ ...facts, program });
    expect([faults([only!]), others]).toEqual([[fault], []]);
    expect(only!.repair).toBe('sudo apt install tmux');
  });

  test.each([
    ['tmux 3.3a', ['note tmux.fault']],
    ['tmux 3.5a', ['note tmux.fault']],
    ['tmux 3.7b', []],
    ['tmux master', []],
    ['tmux next-3.8', []],
  ])('%s is told with the faults that are known of it', (version, expected) => {
    expect(faults(judgeTmux({ ...facts, program: exit(version), server: { kind: 'none' } }))).toEqual(expected);
  });

  test('options and hooks that end sessions are found, each with the command that undoes it', () => {
    const findings = withServer(
      {
        options: {
          'exit-unattached': 'on',
          'destroy-unattached': 'keep-last',
          'escape-time': '500',
          'default-terminal': 'screen',
        },
        hooks: [
          { name: 'client-detached', window: false, command: 'kill-session' },
          { name: 'pane-died', window: true, command: 'killp' },
          { name: 'client-attached', window: false, command: 'display-message "skill-set"' },
        ],
      },
      { socket: 'own' },
    );
    expect(faults(findings)).toEqual([
      'error tmux.exit-unattached',
      'note tmux.destroy-unattached',
      'warning tmux.deadly-hook',
      'warning tmux.deadly-hook',
      'note tmux.default-terminal',
      'note tmux.escape-time',
    ]);
    expect(findings.flatMap(({ repair }) => repair ?? [])).toEqual([
      'tmux -L own set-option -s exit-unattached off',
      'tmux -L own set-option -g destroy-unattached off',
      'tmux -L own set-hook -gu client-detached',
      'tmux -L own set-hook -guw pane-died',
      'tmux -L own set-option -s default-terminal tmux-256color',
      'tmux -L own set-option -s escape-time 10',
    ]);
  });

  test('a terminal without true colour, a foreign name and a foreign home are told', () => {
    const findings = withServer({
      options: { 'default-terminal': 'xterm-256color' },
      environment: { HOME: '/root', USER: 'root' },
      clients: [
        { term: 'xterm-256color', features: ['256', 'title'] },
        { term: 'xterm-256color', features: ['256'] },
        { term: 'foot', features: ['RGB'] },
      ],
    });
    expect(faults(findings)).toEqual([
      'warning tmux.default-terminal',
      'note tmux.colours',
      'warning tmux.environment',
    ]);
    expect(found(findings, 'tmux.colours').repair).toBe('tmux set-option -as terminal-features ,xterm-256color:RGB');
    expect(found(findings, 'tmux.environment').repair).toBe('tmux set-environment -g HOME /home/ada');
  });

  test('a server of another version is a note while Drover can use it, and an error else', () => {
    expect(faults(withServer({ version: '3.6b' }))).toEqual(['note tmux.other-version']);
    expect(faults(withServer({ version: '3.1' }))).toEqual(['error tmux.other-version']);
  });

  test.each([
    ['protocol version mismatch (client 8, server 7)', 'error tmux.mismatch', 'tmux kill-server'],
    ['directory /x/tmux-0 has unsafe permissions', 'error tmux.permissions', /^chmod 700 \/x\/tmux-\d+$/],
    ['error connecting to /x (File name too long)', 'error tmux.path-too-long', 'unset TMUX_TMPDIR'],
    ['access not allowed\u001B[31m', 'error tmux.refused', 'tmux list-sessions'],
    ['', 'error tmux.refused', 'tmux list-sessions'],
  ])('a server that refuses us with "%s" is told apart', (reason, fault, repair) => {
    const findings = judgeTmux({ ...facts, env: { TMUX_TMPDIR: '/x' }, server: { kind: 'refused', reason } });
    expect(faults(findings)).toEqual([fault]);
    expect(findings.at(-1)!.repair).toMatch(repair);
    expect(findings.at(-1)!.cause).not.toContain('\u001B');
  });

  test('a configuration that would make the server end is found before there is one', () => {
    const findings = judgeTmux({ ...facts, server: { kind: 'none' }, deadly: ['/home/ada/.tmux.conf'] });
    expect(faults(findings)).toEqual(['error tmux.exit-unattached']);
    expect(findings.at(-1)!.repair).toBe('sed -i.bak /exit-unattached/d /home/ada/.tmux.conf');
  });

  test('versions are compared by their numbers', () => {
    expect([atLeast('3.10', [3, 2]), atLeast('4.0', [3, 9]), atLeast('2.9a', [3, 0]), atLeast('3.1', [3, 2])]).toEqual([
      ...[true, true, false, false],
    ]);
    expect(['tmux next-3.6', 'git version 2.39.5 (Apple Git-154)', 'tmux master', 'x'].map(versionIn)).toEqual([
      ...['3.6', '2.39.5', 'master', ''],
    ]);
  });
});
