import { expected, type Rule } from './rule.ts';

/** A relative destination is deprecated since 1.2.0, not forbidden: warnings.ts tells it. */
export const mountDestination: Rule = ({ mounts = [] }, report) => {
  mounts.forEach(({ destination }, index) => {
    if (destination === '') {
      report(`/mounts/${index}/destination`, expected('a path', destination));
    }
  });
};

/** mount(2): a bind mount shows its source elsewhere, so it has one. */
export const bindSource: Rule = ({ mounts = [] }, report) => {
  mounts.forEach(({ type, options = [], source }, index) => {
    const binds = type === 'bind' || options.includes('bind') || options.includes('rbind');
    if (binds && (source === undefined || source === '')) {
      const pointer = source === undefined ? `/mounts/${index}` : `/mounts/${index}/source`;
      report(pointer, expected('a source for a bind mount', source));
    }
  });
};
