import { expect, test } from 'vitest';
import { parseAddress, reachOf } from '../../src/lib/addresses.ts';
import { destinationText, isAllowed, loopbackPorts, mayConnect, parseHostRule } from '../../src/state/sandbox-hosts.ts';

test.each([
  ['8.8.8.8', 'public'],
  ['2001:4860:4860::8888', 'public'],
  ['64:ff9b::808:808', 'public'],
  ['127.9.9.9', 'machine'],
  ['0.0.0.0', 'machine'],
  ['::', 'machine'],
  ['::1', 'machine'],
  ['::ffff:127.0.0.1', 'machine'],
  ['64:ff9b::7f00:1', 'machine'],
  ['168.63.129.16', 'machine'],
  ['169.254.169.254', 'link'],
  ['fe80::1', 'link'],
  ['10.255.0.1', 'private'],
  ['172.16.0.1', 'private'],
  ['172.32.0.1', 'public'],
  ['192.168.1.1', 'private'],
  ['100.100.100.200', 'private'],
  ['fd00:ec2::254', 'private'],
  ['::ffff:10.0.0.1', 'private'],
  ['224.0.0.1', 'none'],
  ['255.255.255.255', 'none'],
  ['2002:7f00:1::', 'none'],
  ['2001::1', 'none'],
  ['::127.0.0.1', 'none'],
  ['ff02::1', 'none'],
  ['4000::', 'none'],
])('%s leads to: %s', (text, reach) => {
  expect(reachOf(parseAddress(text)!)).toBe(reach);
});

test.each([
  '',
  '1.2.3',
  '1.2.3.4.5',
  '01.2.3.4',
  '1.2.3.256',
  '0x7f.0.0.1',
  '2130706433',
  ':',
  ':::',
  '1::2::3',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
  '1:2:3:4:5:6:7::8',
  '::g',
  'fe80::1%eth0',
  '::1.2.3',
  'name',
])('"%s" is no address as systems write one', (text) => expect(parseAddress(text)).toBeUndefined());

test('every address of a private network is known, wherever it lies in it and however it is written', () => {
  // Both ends of each block, and a walk through it.
  const blocks: readonly [number, number][] = [
    [0x0a_00_00_00, 8],
    [0x7f_00_00_00, 8],
    [0xa9_fe_00_00, 16],
    [0xac_10_00_00, 12],
    [0xc0_a8_00_00, 16],
    [0x64_40_00_00, 10],
  ];
  for (const [base, bits] of blocks) {
    const size = 2 ** (32 - bits);
    for (let i = 0; i < 200; i += 1) {
      const n = base + (i === 199 ? size - 1 : Math.floor((size * i) / 200));
      const text = [24, 16, 8, 0].map((shift) => Math.floor(n / 2 ** shift) % 256).join('.');
      const six = `::ffff:${Math.floor(n / 65_536).toString(16)}:${(n % 65_536).toString(16)}`;
      expect([text, reachOf(parseAddress(text)!)]).not.toContain('public');
      expect(reachOf(parseAddress(six)!)).toBe(reachOf(parseAddress(text)!));
      expect(mayConnect(text, { host: 'example.org', port: 443 })).toBe(false);
    }
  }
});

test.each([
  ['example.org', { host: 'example.org', below: false, port: null }],
  ['*.Example.org', { host: 'example.org', below: true, port: null }],
  ['example.org:8443', { host: 'example.org', below: false, port: 8443 }],
  ['10.0.0.7:5000', { host: '10.0.0.7', below: false, port: 5000 }],
  ['[fd00::7]:80', { host: 'fd00::7', below: false, port: 80 }],
  ['localhost:11434', { host: '127.0.0.1', below: false, port: 11_434 }],
  ['127.0.0.1:80', { host: '127.0.0.1', below: false, port: 80 }],
  ['_dmarc.example.org', { host: '_dmarc.example.org', below: false, port: null }],
])('%s is an entry of the list', (text, rule) => expect(parseHostRule(text)).toEqual(rule));

test.each([
  '',
  '*',
  '*.',
  '*.com',
  '*.*.org',
  'a*.org',
  'https://example.org',
  'example.org/',
  'example.org:0',
  'example.org:65536',
  'example.org:',
  '.org',
  'a..b',
  '-a.org',
  'bücher.example',
  '127.0.0.1',
  '127.0.0.2:80',
  'localhost',
  '*.localhost:80',
  '[::1]',
  '169.254.169.254',
  '0x7f.1',
  '2130706433',
  '1.2.3',
  '*.1.2.3.4',
  'fd00::7',
  'a b',
  'a@b.org',
])('"%s" is none', (text) => expect(parseHostRule(text)).toBeUndefined());

test('a private address is reached only where the list has the address itself', () => {
  const rules = [parseHostRule('10.0.0.7:5000')!];
  const wanted = { host: '10.0.0.7', port: 5000 };
  expect([isAllowed(rules, wanted), mayConnect('10.0.0.7', wanted)]).toEqual([true, true]);
  expect(mayConnect('10.0.0.8', wanted)).toBe(false);
  expect(mayConnect('10.0.0.7', { host: 'example.org', port: 5000 })).toBe(false);
  expect(mayConnect('nonsense', wanted)).toBe(false);
});

test('a service of this machine is reached only by its own port, and under no other name', () => {
  const rules = [parseHostRule('localhost:11434')!];
  const wanted = { host: '127.0.0.1', port: 11_434 };
  expect([isAllowed(rules, wanted), mayConnect('127.0.0.1', wanted)]).toEqual([true, true]);
  expect(isAllowed(rules, { ...wanted, port: 22 })).toBe(false);
  expect(mayConnect('127.0.0.1', { host: 'example.org', port: 11_434 })).toBe(false);
  expect(mayConnect('127.0.0.2', { host: '127.0.0.2', port: 11_434 })).toBe(false);
  expect(mayConnect('::ffff:127.0.0.1', { host: '::ffff:127.0.0.1', port: 11_434 })).toBe(false);
  expect(loopbackPorts(['example.org', 'localhost:11434', '127.0.0.1:11434', '10.0.0.7:80', '127.0.0.1:80'])).toEqual([
    11_434, 80,
  ]);
});

test('a destination is written as an entry of the list', () => {
  for (const [host, port, text] of [
    ['example.org', 443, 'example.org'],
    ['example.org', 22, 'example.org:22'],
    ['fd00::7', 80, '[fd00::7]'],
  ] as const) {
    expect(destinationText({ host, port })).toBe(text);
    expect(isAllowed([parseHostRule(text)!], { host, port })).toBe(true);
  }
});
