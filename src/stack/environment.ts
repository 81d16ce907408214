/** Our environment without the variables of one program, so that a person's settings for it do not bend our server. */
export function environmentWithout(prefix: string, env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith(prefix)));
}
