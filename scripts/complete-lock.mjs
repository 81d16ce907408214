// `npm run complete-lock`: a registry that mirrors only some platforms makes npm leave the other platforms' binaries out of
// package-lock.json, and then `npm ci` refuses it everywhere. They are named exactly by the packages that want them: put them in.
import { readFileSync } from 'node:fs';
import { inRoot, writeWhole } from './root.mjs';

const OS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'];
const CPU = ['arm', 'arm64', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'x64'];

const lock = JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8'));
for (const wanting of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(wanting.optionalDependencies ?? {})) {
    lock.packages[`node_modules/${name}`] ??= entry(name, version, wanting.dev);
  }
}
const sorted = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
lock.packages = Object.fromEntries(sorted);
writeWhole(inRoot('package-lock.json'), `${JSON.stringify(lock, null, 2)}\n`);

function entry(name, version, dev) {
  if (!/^\d+\.\d+\.\d+\S*$/.test(version))
    throw new Error(`${name} is wanted as ${version}: only an exact version can be locked`);
  const words = name.split(/[/-]/);
  const os = OS.filter((word) => words.includes(word));
  const cpu = CPU.filter(
    (word) =>
      words.includes(word) || words.some((part) => word === 'arm' && part.startsWith('arm') && part !== 'arm64'),
  );
  if (os.length === 0 || cpu.length === 0) throw new Error(`no platform can be read from the name ${name}`);
  return { version, cpu, ...(dev && { dev }), optional: true, os };
}
