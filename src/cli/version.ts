import { SPEC_VERSION } from '../spec/version.ts';

/** Put in by the build of the binary: the commit of the sources. */
declare const RUNTS_COMMIT: string | undefined;

/** Of the program; a test holds it against package.json, which the binary has no use for. */
export const VERSION = '0.1.0';

/**
 * What `--version` prints.
 *
 * Two readers disagree on the first line. go-runc (containerd) looks for `runc version ` there and takes the rest as the
 * version; Moby takes the last line with `version` in it and believes the word before to be the name. So the first
 * line is for go-runc, with ours as build metadata of a semantic version, and the second tells the name.
 */
export function versionText(): string {
  const commit = typeof RUNTS_COMMIT === 'string' ? RUNTS_COMMIT : 'unknown';
  return [
    `runc version ${VERSION}+runts`,
    `runts version ${VERSION}`,
    `commit: ${commit}`,
    `spec: ${SPEC_VERSION}`,
    '',
  ].join('\n');
}
