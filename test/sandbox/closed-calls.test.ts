import { expect, test } from 'vitest';
import { CLOSED_CALLS } from '../../src/sandbox/closed-calls.ts';

const ALLOWED = 0x7fff0000;
const EPERM = 0x00050000 + 1;
const ENOSYS = 0x00050000 + 38;

/** What the kernel would make of a call, by the words of its filters that are used here. */
const judge = (kind: number, call: number, given: readonly number[] = []): number => {
  const data = new DataView(new ArrayBuffer(64));
  data.setUint32(0, call, true);
  data.setUint32(4, kind, true);
  for (const [n, value] of given.entries()) data.setUint32(16 + n * 8, value, true);
  const filter = new DataView(Uint8Array.from(CLOSED_CALLS).buffer);
  let held = 0;
  for (let at = 0; at < CLOSED_CALLS.length; at += 8) {
    const value = filter.getUint32(at + 4, true);
    const code = filter.getUint16(at, true);
    if (code === 0x06) return value;
    if (code === 0x20) held = data.getUint32(value, true);
    else if (code === 0x15 || code === 0x35)
      at += 8 * filter.getUint8((code === 0x15 ? held === value : held >= value) ? at + 2 : at + 3);
    else throw new Error(`the word ${code} is not known`);
  }
  throw new Error('the filter has no end');
};

test.each([
  ['x86 of 64 bits', { kind: 0xc000003e, socket: 41, ioctl: 16, keyctl: 250 }],
  ['x86 of 32 bits', { kind: 0x40000003, socket: 359, ioctl: 54, keyctl: 288 }],
  ['ARM of 64 bits', { kind: 0xc00000b7, socket: 198, ioctl: 29, keyctl: 219 }],
  ['ARM of 32 bits', { kind: 0x40000028, socket: 281, ioctl: 54, keyctl: 311 }],
])('[SEC-9] on %s the calls are closed that no namespace shuts in, and no others', (_, { kind, ...calls }) => {
  const [unix, internet, netlink, vsock] = [1, 2, 16, 40];
  const sockets = [unix, internet, netlink, vsock].map((family) => judge(kind, calls.socket, [family, vsock]));
  expect(sockets).toEqual([ALLOWED, ALLOWED, ALLOWED, EPERM]);
  // A file may have that number, and a request that of a call.
  const requests = [0x5412, 0x541c, 0x5413, calls.socket].map((request) => judge(kind, calls.ioctl, [vsock, request]));
  expect(requests).toEqual([EPERM, EPERM, ALLOWED, ALLOWED]);
  expect([calls.keyctl, 1, 2, 3].map((call) => judge(kind, call, [vsock, 0x5412]))).toEqual([
    ...[ENOSYS, ALLOWED, ALLOWED, ALLOWED],
  ]);
});

test.each([
  ['x86 of 64 bits', 0xc000003e],
  ['x86 of 32 bits', 0x40000003],
  ['ARM of 64 bits', 0xc00000b7],
  ['ARM of 32 bits', 0x40000028],
])('[SEC-9] on %s nothing is asked for by io_uring, which no filter sees', (_, kind) => {
  expect([424, 425, 426, 427, 428].map((call) => judge(kind, call, [8]))).toEqual([
    ...[ALLOWED, ENOSYS, ENOSYS, ENOSYS, ALLOWED],
  ]);
});

test('[SEC-9] programs of 32 bits on x86 make no socket by the call of which no filter sees the family, and use those they have', () => {
  const [makes, binds, sends] = [1, 2, 9];
  expect([makes, binds, sends].map((what) => judge(0x40000003, 102, [what]))).toEqual([ENOSYS, ALLOWED, ALLOWED]);
  // The number is that of other calls elsewhere.
  for (const kind of [0xc000003e, 0xc00000b7]) expect(judge(kind, 102, [makes])).toBe(ALLOWED);
});

test('[SEC-9] the third kind of numbers of x86 has no calls', () => {
  expect([0x40000000 + 41, 0x40000000 + 425, 0x40000000].map((call) => judge(0xc000003e, call, [40]))).toEqual([
    ...[ENOSYS, ENOSYS, ENOSYS],
  ]);
});
