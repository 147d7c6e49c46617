import type { StepDefinition } from '../table.ts';

/** What init does to become the container’s program: limits, user, privileges. */
export const PROCESS_STEPS = {
  sessionKeyring: {
    actor: 'init',
    doc: 'Joins the session keyring of that name, which is made if there is none to be found, so that the keys of the caller stay outside; a searchable one is found by later processes of the container (keyctl(2)).',
    fields: { name: 'text', searchable: 'flag' },
    subSteps: ['join', 'share'],
  },
  ioPriority: {
    actor: 'init',
    doc: 'Sets the I/O priority of the process (ioprio_set(2)).',
    fields: { value: 'u32' },
    subSteps: ['set'],
  },
  rlimit: {
    actor: 'init',
    doc: 'Sets a resource limit (setrlimit(2)).',
    fields: { resource: 'u32', soft: 'u64', hard: 'u64' },
    subSteps: ['set'],
  },
  boundCapabilities: {
    actor: 'init',
    doc: 'Drops every capability outside the bounding set (capabilities(7)).',
    fields: { bounding: 'u64' },
    subSteps: ['drop'],
  },
  ownStdio: {
    actor: 'init',
    doc: 'Gives standard input, output and error to the user of the process, so that /dev/stdout can be opened again.',
    fields: { uid: 'u32' },
    subSteps: ['inspect', 'chown'],
  },
  changeDirectory: {
    actor: 'init',
    doc: 'Enters the working directory; one that root may not enter is tried again as the user (chdir(2)).',
    fields: { path: 'path' },
    subSteps: ['chdir'],
  },
  setUser: {
    actor: 'init',
    doc: 'Takes the groups, gid, uid and umask of the process, keeping capabilities for the step that sets them (setgroups(2), setresuid(2)).',
    fields: { uid: 'u32', gid: 'u32', groups: 'u32s', setGroups: 'flag', umask: 'u32' },
    subSteps: ['keepCaps', 'groups', 'gid', 'uid', 'dumpable'],
  },
  checkDirectory: {
    actor: 'init',
    doc: 'Enters the working directory if root could not, and checks that it lies inside the container’s root (CVE-2024-21626).',
    fields: { path: 'path' },
    subSteps: ['chdir', 'check'],
  },
  setCapabilities: {
    actor: 'init',
    doc: 'Sets the effective, permitted, inheritable and ambient sets (capset(2), capabilities(7)).',
    fields: { effective: 'u64', permitted: 'u64', inheritable: 'u64', ambient: 'u64' },
    subSteps: ['clearAmbient', 'set', 'raiseAmbient'],
  },
  noNewPrivileges: {
    actor: 'init',
    doc: 'Sets no_new_privs (prctl(2)).',
    fields: {},
    subSteps: ['set'],
  },
  personality: {
    actor: 'init',
    doc: 'Sets the execution domain (personality(2)).',
    fields: { persona: 'u32' },
    subSteps: ['set'],
  },
  findExecutable: {
    actor: 'init',
    doc: 'Finds the program in the PATH of the process, as the user of the process, and checks that it may be executed.',
    fields: { file: 'path', search: 'texts' },
    subSteps: ['find'],
  },
  waitForStart: {
    actor: 'init',
    doc: 'Waits on the start socket until `start` says go; from here on reports go to whoever started the container.',
    fields: { gate: 'slot' },
    subSteps: ['accept', 'go'],
  },
  placeDescriptors: {
    actor: 'init',
    doc: 'Puts the descriptors asked for at 3 and up and makes every other one close on exec (close_range(2)).',
    fields: { slots: 'u32s' },
    subSteps: ['place', 'close'],
  },
  execLabel: {
    actor: 'init',
    doc: 'Sets the LSM label of the program to be executed, on a descriptor checked to be on procfs (proc(5)).',
    fields: { attribute: 'path', label: 'text' },
    subSteps: ['open', 'check', 'write'],
  },
  seccomp: {
    actor: 'init',
    doc: 'Loads the system call filter (seccomp(2)); `notify` hands the listener to the runtime.',
    fields: { flags: 'u32', filter: 'bytes', notify: 'flag' },
    subSteps: ['load', 'send'],
  },
  homeDirectory: {
    actor: 'init',
    doc: 'Takes HOME from the container’s /etc/passwd for a process whose environment has none (environ(7)).',
    fields: { uid: 'u32' },
    subSteps: ['read'],
  },
  announce: {
    actor: 'init',
    doc: 'Says that the program is about to be executed: end of file after this, and only after this, means that it runs.',
    fields: {},
    subSteps: ['tell'],
  },
  execute: {
    actor: 'init',
    doc: 'Executes the program that findExecutable found (execve(2)).',
    fields: { args: 'texts', env: 'texts' },
    subSteps: ['exec'],
  },
} as const satisfies Record<string, StepDefinition>;
