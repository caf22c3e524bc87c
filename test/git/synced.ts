import { readlinkSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { vi } from 'vitest';

/** Notes what this process has the disk take, by path and in order, until it is let go of; Linux alone tells the paths. */
export const watchSyncs = async () => {
  const probe = await open('/dev/null', 'r');
  const handles = Object.getPrototypeOf(probe) as { sync(this: { readonly fd: number }): Promise<void> };
  await probe.close();
  const paths: string[] = [];
  const { sync } = handles;
  const spy = vi.spyOn(handles, 'sync').mockImplementation(function (this: { readonly fd: number }) {
    paths.push(readlinkSync(`/proc/self/fd/${this.fd}`));
    return sync.call(this);
  });
  return { paths, [Symbol.dispose]: () => spy.mockRestore() };
};
