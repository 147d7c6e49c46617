/*
 * What `--help` and the manual pages say beyond the definitions of the commands. It is kept apart from them because
 * every call of a command loads its definition, and only a call for help this.
 */

export interface ManualEntry {
  /** Heading of `runts --help` under which the command stands. */
  readonly group: (typeof GROUPS)[number];
  /** A paragraph each. */
  readonly details: readonly string[];
  readonly examples: readonly Example[];
  /** Where it is not simply 0 or 1. */
  readonly exitStatus?: string;
  /** Other commands worth a look. */
  readonly seeAlso: readonly string[];
}

export interface Example {
  readonly command: string;
  readonly what: string;
}

export const GROUPS = [
  'The life of a container:',
  'A container that runs:',
  'To look at:',
  'To prepare:',
] as const;

export const PROGRAM_EXAMPLES: readonly Example[] = [
  { command: 'runts spec && runts run web', what: 'a shell in the root file system ./rootfs' },
  { command: 'runts check --bundle .', what: 'would it work on this host, and if not, why' },
  { command: 'runts plan --bundle . | less', what: 'what it would do, step by step' },
];

const ID =
  'An id has letters, digits, "_", "+", "-" and ".", at most 255 of them, and is taken until the container is deleted.';
const CONFIG_ERRORS =
  'A configuration that cannot be run is refused before anything is made; every mistake is told, with line, column and JSON pointer.';

/** By command; a test finds one that is missing. */
export const MANUAL: Readonly<Record<string, ManualEntry>> = {
  check: {
    group: 'To prepare:',
    details: [
      'Each line says "ok", "missing" or "optional", what was looked for, how it is, and what to do about it. With --bundle it is about what that config.json asks for, and names the place there; without, about what most bundles need, and what only some would miss is "optional".',
      'It reads files below /proc and /sys and changes nothing. It does not try system calls: what a security module or a filter of its own forbids the runtime shows only when a container is made.',
    ],
    examples: [
      { command: 'runts check', what: 'can this host run containers at all' },
      { command: 'runts check --bundle /srv/web', what: 'what that bundle needs' },
      { command: 'runts check --json | jq .ready', what: 'for scripts' },
    ],
    exitStatus:
      '0 where nothing is missing, 1 where something is, or where config.json is invalid.',
    seeAlso: ['features', 'plan'],
  },
  completion: {
    group: 'To prepare:',
    details: [
      'The script is made from the same definitions as the command line, so it knows every command and option of this version. Ids of containers are completed by calling "runts list --quiet".',
    ],
    examples: [
      { command: 'source <(runts completion bash)', what: 'for this bash' },
      {
        command: 'runts completion zsh > ~/.zfunc/_runts',
        what: 'for every zsh of this user, where ~/.zfunc is in fpath before compinit',
      },
      {
        command: 'runts completion fish > ~/.config/fish/completions/runts.fish',
        what: 'for every fish of this user',
      },
    ],
    seeAlso: [],
  },
  create: {
    group: 'The life of a container:',
    details: [
      'Namespaces, mounts, devices, limits and user are in place afterwards, hooks up to createContainer have run, and the program has been found; "start" executes it. Its standard streams are those of this call, unless it has a terminal, whose master is sent to --console-socket.',
      CONFIG_ERRORS,
      ID,
      'The filter compiled from a seccomp profile is kept for the next container with the same profile, in the directory .seccomp:cache beside the containers. It stays when the last of them is deleted, holds at most 64 filters, and may be removed at any time.',
    ],
    examples: [
      { command: 'runts create --bundle /srv/web web && runts start web', what: 'in two steps' },
      {
        command: 'runts create --bundle /srv/web --pid-file /run/web.pid web',
        what: 'as engines do: the file is there when this returns, and has only digits',
      },
    ],
    seeAlso: ['start', 'run', 'plan', 'check'],
  },
  delete: {
    group: 'The life of a container:',
    details: [
      'Its cgroups and its state directory are removed, and its poststop hooks run. A container that still runs is refused without --force.',
    ],
    examples: [
      { command: 'runts delete web', what: 'once it has stopped' },
      {
        command: 'runts delete --force web',
        what: 'in any state, also one that create left behind',
      },
    ],
    seeAlso: ['kill', 'list'],
  },
  events: {
    group: 'A container that runs:',
    details: [
      'Each line is an object with "type" ("stats" or "oom"), "id" and, for stats, "data", shaped as runc prints them. The first numbers come after one interval.',
    ],
    examples: [
      { command: 'runts events --stats web', what: 'once' },
      { command: 'runts events --interval 1s web', what: 'every second, until it is deleted' },
    ],
    seeAlso: ['ps', 'update'],
  },
  exec: {
    group: 'A container that runs:',
    details: [
      'What no option says is taken from the process in config.json: user, environment, working directory, capabilities, limits, seccomp. Options stand before the id; all behind it is the command.',
    ],
    examples: [
      { command: 'runts exec web ls -l /', what: 'one command' },
      { command: 'runts exec --tty web sh', what: 'a shell on a terminal' },
      { command: 'runts exec --user 1000:1000 --env DEBUG=1 web id', what: 'as another user' },
      { command: 'runts exec --process p.json web', what: 'as engines do' },
    ],
    exitStatus:
      'That of the program; 128 + n where signal n ended it; 255 where it was not run. With --detach 0 as soon as it runs.',
    seeAlso: ['ps', 'run'],
  },
  features: {
    group: 'To look at:',
    details: [
      'The object follows features.md of the runtime specification, and lists what works: what config.json may ask for and is refused is not in it. Whether this host can do it too, "check" says.',
    ],
    examples: [{ command: 'runts features | jq .linux.namespaces', what: 'one part of it' }],
    seeAlso: ['check'],
  },
  kill: {
    group: 'The life of a container:',
    details: [
      'A name may have SIG in front or not. With --all the signal goes to every process in the cgroups of the container. A process that merely has the pid of one that has ended gets none.',
    ],
    examples: [
      { command: 'runts kill web', what: 'TERM' },
      { command: 'runts kill web HUP', what: 'another signal' },
      { command: 'runts kill --all web KILL', what: 'all that is left' },
    ],
    seeAlso: ['delete', 'pause'],
  },
  list: {
    group: 'To look at:',
    details: [
      'Containers of one root directory: engines have their own, such as /run/containerd/runc/default.',
    ],
    examples: [
      { command: 'runts list', what: 'a table' },
      { command: 'runts list --format json', what: 'an array of states' },
      { command: 'runts list --quiet', what: 'ids, one a line' },
    ],
    seeAlso: ['state'],
  },
  pause: {
    group: 'A container that runs:',
    details: [
      'They are frozen by the freezer of the container’s cgroup and notice nothing of it but the time.',
    ],
    examples: [{ command: 'runts pause web', what: 'its status is "paused" then' }],
    seeAlso: ['resume'],
  },
  plan: {
    group: 'To look at:',
    details: [
      'A line for each step: its number, who does it (runtime, outer helper, init in the new namespaces), what it does, and behind "<-" what asked for it: places in config.json, a clause of the specification, or the runtime’s own reason. A step marked "--" is a barrier, at which init waits for the runtime. Warnings follow the steps.',
      'Nothing is run or made, no rights are needed, and the root file system may be missing. Without an id it is the plan for a bundle on this host; with one, the plan by which that container was made.',
    ],
    examples: [
      { command: 'runts spec && runts plan', what: 'for a new configuration' },
      { command: 'runts plan --bundle /srv/web --json', what: 'for programs' },
      { command: 'runts plan web', what: 'of a container that exists' },
    ],
    seeAlso: ['check', 'create'],
  },
  ps: {
    group: 'A container that runs:',
    details: ['Without options for ps(1) it is called with -ef.'],
    examples: [
      { command: 'runts ps web', what: 'a table' },
      { command: 'runts ps web -o pid,rss,args', what: 'other columns, of which PID must be one' },
      { command: 'runts ps --format json web', what: 'pids alone' },
    ],
    seeAlso: ['exec', 'events'],
  },
  resume: {
    group: 'A container that runs:',
    details: [],
    examples: [{ command: 'runts resume web', what: 'after "runts pause web"' }],
    seeAlso: ['pause'],
  },
  run: {
    group: 'The life of a container:',
    details: [
      'In the foreground, signals that this process gets are passed on to the program, and with "terminal": true in config.json the two are connected through a terminal of the container.',
      CONFIG_ERRORS,
      ID,
    ],
    examples: [
      { command: 'runts run web', what: 'with the bundle in the working directory' },
      { command: 'runts run --bundle /srv/web --detach web', what: 'in the background' },
      {
        command: 'runts run --keep web; runts delete web',
        what: 'leave its state to be looked at',
      },
    ],
    exitStatus:
      'That of the program; 128 + n where signal n ended it; 1 where it was not run. With --detach 0 as soon as it runs.',
    seeAlso: ['create', 'exec', 'plan'],
  },
  spec: {
    group: 'To prepare:',
    details: [
      'The configuration is a shell on a terminal, with three capabilities, in the root file system "rootfs" beside it, which is only read.',
    ],
    examples: [
      { command: 'runts spec', what: 'in the working directory' },
      { command: 'runts spec --bundle /srv/web', what: 'in a bundle that exists' },
    ],
    seeAlso: ['check', 'plan', 'run'],
  },
  start: {
    group: 'The life of a container:',
    details: [
      'It returns when the program has been executed. What fails as late as this is told with its place in config.json, as it was at create.',
    ],
    examples: [
      { command: 'runts create web && runts start web', what: 'what "runts run -d web" does' },
    ],
    seeAlso: ['create', 'run'],
  },
  state: {
    group: 'To look at:',
    details: [
      'The status is creating, created, running, paused or stopped, as the kernel has it at this moment; the pid is 0 once it has stopped.',
    ],
    examples: [{ command: 'runts state web | jq -r .status', what: 'one field of it' }],
    seeAlso: ['list'],
  },
  update: {
    group: 'A container that runs:',
    details: [
      'A limit that the kernel does not take is an error, and those set before it are set back. A list of devices comes with --resources only; the container stands still while it is replaced.',
    ],
    examples: [
      { command: 'runts update --memory 268435456 --pids-limit 100 web', what: 'two limits' },
      { command: 'runts update --resources - web < resources.json', what: 'as engines do' },
    ],
    seeAlso: ['events'],
  },
};
