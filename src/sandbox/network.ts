import type { SandboxSpec } from '../ports/sandbox.ts';
import type { SandboxNetwork } from '../state/sandbox-settings.ts';

/** The name of the socket in a program's own folder by which its proxy is reached. */
const SOCKET = 'net.sock';

/** The port of the proxy in a sandbox whose loopback is its own, and so is each of its ports. */
const PORT = 3128;

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

/** How a program gets out; `folder` is the one in which its proxy listens, and has to be seen inside. */
export const wayOut = (
  network: SandboxNetwork,
  { folder, assets, node }: { readonly folder: string; readonly assets: string; readonly node: string },
): WayOut => {
  if (network !== 'allow-list') return { network: network === 'on' ? 'shared' : 'none', env: {}, prefix: [], read: [] };
  const proxy = `http://127.0.0.1:${PORT}`;
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
    prefix: ['sh', `${assets}/with-network.sh`, node, forward, folder, SOCKET, String(PORT)],
    read: [folder, assets, node],
  };
};
