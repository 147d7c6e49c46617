import { SUPPORTED_VERSIONS } from '../version.ts';
import { expected, type Rule } from './rule.ts';

const VERSION = /^1\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;

/** config.md, "Specification version": SemVer 2.0.0; within one major version a runtime takes every other. */
export const ociVersion: Rule = ({ ociVersion: version }, report) => {
  if (!VERSION.test(version)) {
    report('/ociVersion', expected(`a version that is supported (${SUPPORTED_VERSIONS})`, version));
  }
};
