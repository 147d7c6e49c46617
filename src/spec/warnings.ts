import { show } from './failure.ts';
import type { JsonDocument } from './json.ts';
import { namespaceOf } from './rules/namespaces.ts';
import type { Report, Rule } from './rules/rule.ts';
import type { Spec } from './types.ts';
import { findUnknown } from './unknown.ts';

/**
 * What is accepted and yet deserves a line in the log.
 *
 * @param document that {@link validateSpec} accepted
 * @param spec its value
 * @returns lines such as `config.json:12:3: /foo: unknown field, ignored`
 */
export function findWarnings(document: JsonDocument, spec: Spec): string[] {
  const lines: string[] = [];
  const report: Report = (pointer, detail) => {
    const { line, column } = document.locate(pointer);
    lines.push(`${document.file}:${line}:${column}: ${pointer}: ${detail}`);
  };
  for (const pointer of findUnknown(spec)) report(pointer, 'unknown field, ignored');
  relativeDestination(spec, report);
  mappingsOfJoined(spec, report);
  uselessDevices(spec, report);
  return lines;
}

/** config.md, "Mounts": MAY be relative for old configurations, and is then relative to the container's root. */
const relativeDestination: Rule = ({ mounts = [] }, report) => {
  mounts.forEach(({ destination }, index) => {
    if (destination.startsWith('/')) return;
    const detail = `relative path ${show(destination)} is deprecated, taken as relative to "/"`;
    report(`/mounts/${index}/destination`, detail);
  });
};

/** Podman writes a line of mappings for runtimes that insist on some. */
const mappingsOfJoined: Rule = (spec, report) => {
  const path = namespaceOf(spec, 'user')?.path ?? '';
  if (path === '') return;
  for (const list of ['uidMappings', 'gidMappings'] as const) {
    if (spec.linux?.[list]?.length) {
      report(`/linux/${list}`, 'the user namespace that is joined has its own mappings, ignored');
    }
  }
};

/** mount(2), MS_NODEV: whoever opens a device there, /dev/null too, is told "permission denied" by the kernel. */
const uselessDevices: Rule = (spec, report) => {
  // There every device is a mount of its own.
  if (namespaceOf(spec, 'user') !== undefined) return;
  const { mounts = [] } = spec;
  mounts.forEach(({ destination, options = [] }, index) => {
    if (!['/dev', '/dev/', 'dev', 'dev/'].includes(destination)) return;
    const at = options.lastIndexOf('nodev');
    if (at < 0 || options.lastIndexOf('dev') > at) return;
    const detail = 'no device in /dev can be opened, not even /dev/null: leave nodev out';
    report(`/mounts/${index}/options/${at}`, detail);
  });
};
