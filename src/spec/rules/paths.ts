import { HOOK_KINDS } from '../hooks.ts';
import { expected, type Rule } from './rule.ts';

/** config.md, "Root". */
export const rootPath: Rule = ({ root }, report) => {
  if (root.path === '') report('/root/path', expected('a path', root.path));
};

/** config.md and config-linux.md: everything that MUST be an absolute path, but for mounts. */
export const absolutePaths: Rule = ({ process, hooks = {}, linux = {} }, report) => {
  if (process !== undefined) check('/process/cwd', process.cwd);
  for (const kind of HOOK_KINDS) {
    hooks[kind]?.forEach(({ path }, index) => {
      check(`/hooks/${kind}/${index}/path`, path);
    });
  }
  linux.namespaces?.forEach(({ path }, index) => {
    // An engine written in Go may write an absent path as an empty one.
    if (path !== undefined && path !== '') check(`/linux/namespaces/${index}/path`, path);
  });
  linux.devices?.forEach(({ path }, index) => {
    check(`/linux/devices/${index}/path`, path);
  });
  for (const list of ['maskedPaths', 'readonlyPaths'] as const) {
    linux[list]?.forEach((path, index) => {
      check(`/linux/${list}/${index}`, path);
    });
  }

  function check(pointer: string, path: string): void {
    if (!path.startsWith('/')) report(pointer, expected('an absolute path', path));
  }
};

/** A cgroup above the one that the path is relative to is nobody's to ask for. */
export const cgroupsPath: Rule = ({ linux }, report) => {
  const path = linux?.cgroupsPath;
  if (path?.split('/').includes('..')) {
    report('/linux/cgroupsPath', expected('a path without ".."', path));
  }
};
