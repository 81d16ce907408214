import { mkdir, statfs } from 'node:fs/promises';
import { runProgram } from '../../../../src/stack/run-program.ts';

/** A file system of its own that can be made too small for what is done on it. */
export interface SmallDisk {
  /** Leaves so many bytes free, and whoever writes more gets ENOSPC. */
  leave(bytes: number): Promise<void>;
  /** As large as at the beginning. */
  widen(): Promise<void>;
  unmount(): Promise<void>;
}

const WHOLE = '1g';

/** Mounts it at a folder, in memory; null where this process may mount nothing, which is root's alone. */
export async function mountSmallDisk(folder: string): Promise<SmallDisk | null> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const mount = (...args: string[]) => runProgram('mount', [...args, folder]);
  const mounted = await mount('-t', 'tmpfs', '-o', `size=${WHOLE},mode=0700`, 'hopper-chaos').catch(() => null);
  if (mounted?.code !== 0) return null;
  const resize = async (size: string): Promise<void> => {
    const { code, output } = await mount('-o', `remount,size=${size}`);
    if (code !== 0) throw new Error(`the disk could not be resized to ${size}: ${output}`);
  };
  return {
    async leave(bytes) {
      const { blocks, bfree, bsize } = await statfs(folder);
      await resize(String((blocks - bfree) * bsize + bytes));
    },
    widen: () => resize(WHOLE),
    unmount: async () => {
      await runProgram('umount', ['--lazy', folder]);
    },
  };
}
