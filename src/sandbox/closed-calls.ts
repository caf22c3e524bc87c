/** How a kind of processor is called by the kernel, and the numbers that it has for what is closed. */
type Processor = {
  readonly name: number;
  readonly ioctl: number;
  readonly socket: number;
  /** The call that makes and uses sockets by what lies in memory; null where there is none. */
  readonly socketcall: number | null;
  readonly keys: readonly number[];
};

/**
 * With those of 32 bits, which a program of 64 can ask for what it is refused: `AUDIT_ARCH_*`, `ioctl`, `socket`, `socketcall`,
 * `add_key`, `request_key`, `keyctl`.
 */
const PROCESSORS: readonly Processor[] = [
  { name: 0xc000003e, ioctl: 16, socket: 41, socketcall: null, keys: [248, 249, 250] },
  { name: 0x40000003, ioctl: 54, socket: 359, socketcall: 102, keys: [286, 287, 288] },
  { name: 0xc00000b7, ioctl: 29, socket: 198, socketcall: null, keys: [217, 218, 219] },
  { name: 0x40000028, ioctl: 54, socket: 281, socketcall: null, keys: [309, 310, 311] },
];

/**
 * `io_uring_setup`, `io_uring_enter`, `io_uring_register`, which have these numbers on all processors: what is asked for by them no
 * filter sees. Programs do by single calls what they cannot do so.
 */
const UNSEEN = [425, 426, 427] as const;

/** What `socketcall` does where it makes a socket (`SYS_SOCKET`); of which family lies in memory, where no filter looks. */
const MAKES_SOCKET = 1;

/** On the first of them numbers from here on are those of a third kind, which hardly any kernel still has. */
const OTHERS_FROM = 0x40000000;

/** What types into a terminal as if a person did: `TIOCSTI`, and `TIOCLINUX`, which pastes on a console. */
const TYPES = [0x5412, 0x541c] as const;

/** The family of sockets between a virtual machine and the one that it runs in (`AF_VSOCK`), which has no namespaces. */
const BETWEEN_MACHINES = 40;

/** Where the kernel says which call it is, of which kind of processor, and the first and second thing that it is given. */
const CALL = 0;
const KIND = 4;
const FIRST = 16;
const SECOND = 24;

type Step = readonly [code: number, yes: number, no: number, value: number];

const load = (from: number): Step => [0x20, 0, 0, from];
const end = (value: number): Step => [0x06, 0, 0, value];
const ALLOWED = end(0x7fff0000);
/** As where the kernel has no such call: programs that can do without it do so. */
const MISSING = end(0x00050000 + 38);
const FORBIDDEN = end(0x00050000 + 1);

const where = (value: number, then: readonly Step[]): readonly Step[] => [[0x15, 0, then.length, value], ...then];
const from = (value: number, then: readonly Step[]): readonly Step[] => [[0x35, 0, then.length, value], ...then];

const stepsFor = ({ name, ioctl, keys, socket, socketcall }: Processor): readonly Step[] =>
  where(name, [
    load(CALL),
    ...from(OTHERS_FROM, [MISSING]),
    ...[...keys, ...UNSEEN].flatMap((number) => where(number, [MISSING])),
    ...(socketcall === null ? [] : where(socketcall, [load(FIRST), ...where(MAKES_SOCKET, [MISSING]), ALLOWED])),
    ...where(socket, [load(FIRST), ...where(BETWEEN_MACHINES, [FORBIDDEN]), ALLOWED]),
    ...where(ioctl, [load(SECOND), ...TYPES.flatMap((one) => where(one, [FORBIDDEN]))]),
    ALLOWED,
  ]);

const bytesOf = ([code, yes, no, value]: Step): readonly number[] => [
  ...[code & 0xff, code >> 8, yes, no],
  ...[0, 8, 16, 24].map((shift) => (value >>> shift) & 0xff),
];

/**
 * A filter of the kernel's (seccomp) for what no namespace shuts in: the keys that the kernel keeps for the session of the person, to
 * which whoever the session has started belongs, typing into one's own terminal, and sockets of the machine that this one runs in, with
 * what would make those unseen: all of `io_uring`, and sockets by `socketcall`, as programs of 32 bits on x86 make them.
 * It is a program for processors that have the lowest byte first; others refuse it.
 */
export const CLOSED_CALLS: readonly number[] = [load(KIND), ...PROCESSORS.flatMap(stepsFor), ALLOWED].flatMap(bytesOf);
