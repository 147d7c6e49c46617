import { RuntimeError } from '../error.ts';
import type { Command } from './command.ts';

interface Entry {
  /** Its line of `--help`. */
  readonly summary: string;
  load(): Promise<{ readonly command: Command }>;
}

/** Every command; a call loads the file of its own and no other. */
export const COMMANDS: Readonly<Record<string, Entry>> = {
  check: { summary: 'say what this host lacks', load: () => import('./check.ts') },
  completion: { summary: 'complete calls in a shell', load: () => import('./completion.ts') },
  create: { summary: 'make a container', load: () => import('./create.ts') },
  delete: { summary: 'remove a container', load: () => import('./delete.ts') },
  events: { summary: 'print what a container uses', load: () => import('./events.ts') },
  exec: { summary: 'run a program in a container', load: () => import('./exec.ts') },
  features: { summary: 'print what this runtime can do', load: () => import('./features.ts') },
  kill: { summary: 'send a signal to a container', load: () => import('./kill.ts') },
  list: { summary: 'list the containers', load: () => import('./list.ts') },
  pause: { summary: 'stop the processes of a container', load: () => import('./pause.ts') },
  plan: { summary: 'print what create and start do', load: () => import('./plan.ts') },
  ps: { summary: 'list the processes of a container', load: () => import('./ps.ts') },
  resume: { summary: 'let a paused container go on', load: () => import('./resume.ts') },
  run: { summary: 'make a container and start it', load: () => import('./run.ts') },
  spec: { summary: 'write a config.json to begin with', load: () => import('./spec.ts') },
  start: { summary: 'start the program of a container', load: () => import('./start.ts') },
  state: { summary: 'print the state of a container', load: () => import('./state.ts') },
  update: { summary: 'change the limits of a container', load: () => import('./update.ts') },
};

/** What runc has, too. */
const NOT_YET = ['checkpoint', 'restore'];

/**
 * @throws RuntimeError where there is no such command, or not yet
 */
export async function loadCommand(name: string): Promise<Command> {
  const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (entry !== undefined) return (await entry.load()).command;
  const shown = JSON.stringify(name.slice(0, 60));
  throw new RuntimeError({
    operation: '',
    detail: NOT_YET.includes(name)
      ? `the command ${shown} is not there yet`
      : `there is no command ${shown}: "runts --help" lists them`,
  });
}
