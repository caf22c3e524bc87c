import type { SandboxSpec } from '../ports/sandbox.ts';
import type { SandboxNetwork } from '../state/sandbox-settings.ts';

/** The name of the socket in a program's own folder by which its proxy is reached. */
const SOCKET = 'net.sock';

/** The ports for the proxy in a sandbox whose loopback is its own: the first that stands for nothing else. */
const PORTS: readonly number[] = [3128, 3129];

/** Programs go by the one or the other way of writing. */
const both = (name: string, value: string): readonly (readonly [string, string])[] => [
  [name, value],
  [name.toLowerCase(), value],
];

/** What a program in a sandbox needs to reach whom it may reach. */
export type WayOut = {
  readonly network: SandboxSpec['network'];
  readonly env: Readonly<Record<string, string>>;
  /** What stands before the program, inside. */
  readonly prefix: readonly string[];
  /** What has to be seen inside. */
  readonly read: readonly string[];
};

export const proxySocket = (folder: string): string => `${folder}/${SOCKET}`;

type Gate = {
  /** The folder in which its proxy listens: it has to be seen inside. */
  readonly folder: string;
  readonly assets: string;
  readonly node: string;
  /** Ports of this machine's loopback that are to be there inside as well; the proxy decides on each connection. */
  readonly services?: readonly number[];
};

/** How a program gets out. */
export const wayOut = (network: SandboxNetwork, { folder, assets, node, services = [] }: Gate): WayOut => {
  if (network === 'on') return { network: 'shared', env: {}, prefix: [], read: [] };
  // Who reaches nobody has no use for the person's proxy, whose address may have a password in it.
  const nobody = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'].flatMap((name) => both(name, ''));
  if (network === 'off') return { network: 'none', env: Object.fromEntries(nobody), prefix: [], read: [] };
  const port = PORTS.find((one) => !services.includes(one)) ?? PORTS[0]!;
  const proxy = `http://127.0.0.1:${port}`;
  const forward = `${assets}/forward.mjs`;
  return {
    network: 'none',
    env: Object.fromEntries([
      ...both('HTTP_PROXY', proxy),
      ...both('HTTPS_PROXY', proxy),
      ...both('ALL_PROXY', proxy),
      ...both('NO_PROXY', 'localhost,127.0.0.1,::1'),
      ['NODE_USE_ENV_PROXY', '1'],
    ]),
    prefix: ['sh', `${assets}/with-network.sh`, node, forward, folder, SOCKET, [port, ...services].join()],
    read: [folder, assets, node],
  };
};
