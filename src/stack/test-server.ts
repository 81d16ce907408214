import { chmod, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached, exists, userCacheRoot } from './cache.ts';
import { runProgram, withReminders } from './run-program.ts';
import { downloadWithSdk } from './sdk-download.ts';
import { StackError } from './stack-error.ts';
import type { FindOptions } from './temporal-binary.ts';

const VERSION = '1.38.0';
/** Raised with the script: what is cached is never written again. */
const SCRIPT = '2';
const FILE = 'temporal-test-server';
const COPY_GOAL = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies';

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>hopper</groupId>
  <artifactId>test-server</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>io.temporal</groupId><artifactId>temporal-test-server</artifactId><version>${VERSION}</version></dependency>
  </dependencies>
</project>
`;

/** The flags are for a soon start: the SDK waits for it for five seconds, and it lives for one file of tests. */
const WRAPPER = `#!/bin/sh
exec "\${JAVA_HOME:+$JAVA_HOME/bin/}java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$(dirname "$0")/lib/*" io.temporal.testserver.TestServer "$@"
`;

/** The path of a time-skipping Temporal test server: from the cache, else downloaded, else put together with Maven. */
export async function findTestServer(options: FindOptions): Promise<string> {
  const entry = { root: userCacheRoot(options.env), name: `temporal-test-server-${VERSION}-${SCRIPT}` };
  const file = join(entry.root, entry.name, FILE);
  if (!(await exists(file))) await cached({ ...entry, ...options, fill: (staging) => obtain(staging, options) });
  return file;
}

async function obtain(
  staging: string,
  { progress, signal, env = process.env, download = downloadWithSdk }: FindOptions,
): Promise<void> {
  progress('downloading the time-skipping test server');
  const target = { folder: staging, file: FILE };
  if (await download({ kind: 'createTimeSkipping', version: 'default', target, signal })) return;
  signal?.throwIfAborted();
  for (const left of await readdir(staging)) await rm(join(staging, left), { recursive: true });
  const problem = await assemble(staging, { progress, signal, env });
  signal?.throwIfAborted();
  if (problem !== null) throw notFound(problem);
}

/** Collects the server's jars and writes the script that runs them; null: done, else why not. */
async function assemble(staging: string, { progress, signal, env = process.env }: FindOptions): Promise<string | null> {
  for (const [program, name] of [
    ['java', 'Java'],
    ['mvn', 'Maven'],
  ] as const) {
    if ((await runProgram(program, ['-version'], { env })).code !== 0) return `${name} is not installed`;
  }
  const what = 'fetching the time-skipping test server with Maven';
  progress(`${what} (about 15 seconds, once)`);
  const pom = join(staging, 'pom.xml');
  await writeFile(pom, POM);
  const args = [
    '-B',
    '-q',
    '-f',
    pom,
    COPY_GOAL,
    '-DincludeScope=runtime',
    `-DoutputDirectory=${join(staging, 'lib')}`,
  ];
  const { code, output } = await withReminders(what, progress, () => runProgram('mvn', args, { env, signal }));
  if (code !== 0) return `Maven failed:\n${output}`;
  await writeFile(join(staging, FILE), WRAPPER);
  await chmod(join(staging, FILE), 0o755);
  return null;
}

function notFound(detail: string): StackError {
  return new StackError(
    'engine_not_found',
    `the time-skipping test server could neither be downloaded nor fetched with Maven: ${detail}`,
    'Install Java 17 or newer and Maven and start again, or run where the Temporal SDK may download.',
  );
}
