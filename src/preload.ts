/*
 * What the binary has done before it is called (interpreter/snapshot.h): the modules of the commands that engines call all
 * the time are imported, and what those commands compute is computed once, so that the built-ins, names and shapes of
 * objects that it takes are there. What is missing here is read when it is imported, and takes longer.
 */

await Promise.all([
  import('./cgroups/open.ts'),
  import('./cgroups/read-facts.ts'),
  import('./cli/command-line.ts'),
  import('./cli/create.ts'),
  import('./cli/delete.ts'),
  import('./cli/events.ts'),
  import('./cli/exec.ts'),
  import('./cli/features.ts'),
  import('./cli/kill.ts'),
  import('./cli/list.ts'),
  import('./cli/pause.ts'),
  import('./cli/ps.ts'),
  import('./cli/resume.ts'),
  import('./cli/run.ts'),
  import('./cli/start.ts'),
  import('./cli/state.ts'),
  import('./cli/update.ts'),
  import('./cli/version.ts'),
  import('./lifecycle/hooks.ts'),
  import('./lifecycle/kept-plan.ts'),
  import('./lifecycle/notify.ts'),
  import('./lifecycle/process-file.ts'),
  import('./lifecycle/seccomp-keep.ts'),
  import('./lifecycle/seccomp-listener.ts'),
  import('./seccomp/compile.ts'),
  import('./spec/json.ts'),
  import('./syscalls/lock.ts'),
  import('./syscalls/mount.ts'),
]);

const { rehearse } = await import('./rehearsal.ts');
rehearse();

export {};
