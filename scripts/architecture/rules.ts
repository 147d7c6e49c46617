/**
 * Who may import whom, and what only some folders may do. Each rule gives sentences that name file and line; the
 * rules are data where they can be, and the reasons stand in ARCHITECTURE.md.
 */
import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import type { Import, Mention, SourceFile } from './parse.ts';

/** Parts of src/, from the top: a part imports from the parts below it, and from none beside it. */
const LEVELS: readonly (readonly string[])[] = [
  ['main', 'preload'],
  ['rehearsal'],
  ['cli'],
  ['lifecycle'],
  ['spec', 'plan', 'cgroups', 'seccomp'],
  ['syscalls'],
  ['error', 'path', 'bytes'],
];

/** Parts that do no I/O, ask no clock and read no environment, and so do not even reach the system calls. */
const PURE_PARTS = ['spec', 'plan', 'error', 'path', 'bytes'];
/** The thin edges of pure parts. */
const IMPURE_FILES = ['src/spec/read.ts'];

/** Packages, by the only part that loads them. */
const PACKAGE_HOMES: Readonly<Record<string, string>> = {
  commander: 'cli',
  '@sinclair/typebox': 'spec',
};

/** What speaks for the whole process; everything below the command line is called many times in one process. */
const PROCESS_WIDE = /^process\.(exit|argv)$/;
const PROCESS_PARTS = ['main', 'cli'];

const CLOCK_AND_CHANCE = /^(new Date|Date\.now|Math\.random|performance\.now|process\.cwd\(\))$/;

/** Each loads the addon into one interpreter, and knows what else is particular to that. */
const LOADER_FOR_NODE = 'src/syscalls/load-node.ts';
const LOADER_OF_BINARY = 'src/syscalls/load-linked.ts';

/**
 * What Node.js has and the binary has not. It is src/tsconfig.json that leaves nothing out: it has the types of
 * src/globals.d.ts alone. Members of `process` are named one by one, because that of the configuration has some too.
 */
const GLOBALS_OF_NODE = [
  /^(Buffer|console|crypto|global|navigator|Atomics|Intl|Iterator|WebAssembly)\.\w+$/,
  /^process\.(stdin|stdout|stderr|exitCode|argv0|execArgv|execPath|title|platform|versions?|release|config)$/,
  /^process\.(on|once|off|emit|emitWarning|abort|chdir|umask|kill|nextTick|hrtime|uptime|memoryUsage|binding|dlopen)$/,
  /^(atob|btoa|fetch|queueMicrotask|setImmediate|setInterval|structuredClone)\(\)$/,
  /^new (AbortController|Blob|Buffer|Event|EventTarget|MessageChannel|URL|URLSearchParams|Worker)$/,
  /^(Array\.fromAsync|Error\.captureStackTrace)$/,
];

/** Commands that engines call often: what they load is what they cost. */
const HOT_COMMANDS = [
  'state',
  'kill',
  'delete',
  'list',
  'start',
  'pause',
  'resume',
  'ps',
  'events',
].map((name) => `src/cli/${name}.ts`);
const TOO_HEAVY_FOR_HOT =
  /^(src\/spec\/(generated\/.*|schema(\/.*)?|validate)\.[jt]s$|src\/plan\/(?!wire\.ts$))/;

const MAXIMUM_LINES = 400;

/** `src/cli/run.ts` → `cli`, `src/main.ts` → `main`. */
const partOf = (path: string): string => path.split('/')[1]?.replace(/\.ts$/, '') ?? '';
const levelOf = (part: string): number => LEVELS.findIndex((parts) => parts.includes(part));
const isRelative = (specifier: string): boolean => /^\.\.?\//.test(specifier);
const targetOf = (path: string, { specifier }: Import): string =>
  posix.normalize(posix.join(posix.dirname(path), specifier));

type Rule = (files: readonly SourceFile[]) => string[];

function eachImport(check: (file: SourceFile, imported: Import) => string | undefined): Rule {
  return (files) =>
    files.flatMap((file) =>
      file.imports.flatMap((imported) => {
        const complaint = check(file, imported);
        return complaint === undefined ? [] : [`${file.path}:${imported.line}: ${complaint}`];
      }),
    );
}

function eachMention(
  select: (file: SourceFile) => readonly Mention[],
  check: (file: SourceFile, mention: Mention) => string | undefined,
): Rule {
  return (files) =>
    files.flatMap((file) =>
      select(file).flatMap((mention) => {
        const complaint = check(file, mention);
        return complaint === undefined ? [] : [`${file.path}:${mention.line}: ${complaint}`];
      }),
    );
}

const isPure = (path: string): boolean =>
  PURE_PARTS.includes(partOf(path)) && !IMPURE_FILES.includes(path);

export const RULES: Readonly<Record<string, Rule>> = {
  'every file belongs to a part that has a place': (files) =>
    files
      .filter(({ path }) => levelOf(partOf(path)) < 0)
      .map(
        ({ path }) => `${path}: '${partOf(path)}' is no part of src/: give it a level in LEVELS`,
      ),

  'imports point downwards': eachImport((file, imported) => {
    if (!isRelative(imported.specifier) || imported.specifier.endsWith('.node')) return undefined;
    const [from, to] = [partOf(file.path), partOf(targetOf(file.path, imported))];
    if (from === to || levelOf(to) > levelOf(from)) return undefined;
    // Types of the configuration flow through all of its readers; a type is gone before anything runs.
    if (imported.kind === 'type' && levelOf(to) === levelOf(from)) return undefined;
    return `${from} must not import ${to} (${imported.specifier})`;
  }),

  'relative imports stay in src and carry their ending': eachImport((file, imported) => {
    if (!isRelative(imported.specifier) || imported.specifier.endsWith('.node')) return undefined;
    const target = targetOf(file.path, imported);
    if (!target.startsWith('src/') && target !== 'package.json') {
      return `${imported.specifier} lies outside of src`;
    }
    return /\.(ts|js|json)$/.test(target) ? undefined : `${imported.specifier} has no ending`;
  }),

  'a pure part does no I/O': eachImport((file, imported) => {
    if (!isPure(file.path) || imported.kind === 'type') return undefined;
    const { specifier } = imported;
    const reachesSystem =
      isRelative(specifier) && partOf(targetOf(file.path, imported)) === 'syscalls';
    return reachesSystem ? `${partOf(file.path)} is pure: not with ${specifier}` : undefined;
  }),

  'a pure part asks no clock and no chance': eachMention(
    ({ mentions }) => mentions,
    ({ path }, { name }) =>
      isPure(path) && CLOCK_AND_CHANCE.test(name)
        ? `${partOf(path)} is pure: not with ${name}`
        : undefined,
  ),

  'only the command line prints, exits and reads its arguments': eachMention(
    ({ mentions }) => mentions,
    ({ path }, { name }) =>
      !PROCESS_PARTS.includes(partOf(path)) && PROCESS_WIDE.test(name)
        ? `${name} is for ${PROCESS_PARTS.join(' and ')}: return it or throw it to the caller`
        : undefined,
  ),

  'only src/syscalls loads native code': (files) => [
    ...eachImport(({ path }, { specifier }) =>
      partOf(path) !== 'syscalls' && /\.node$|^#load-addon$|^bindings$/.test(specifier)
        ? `${specifier}: only src/syscalls loads the addon`
        : undefined,
    )(files),
    ...eachMention(
      ({ mentions }) => mentions,
      ({ path }, { name }) =>
        path !== LOADER_OF_BINARY && name === 'process._linkedBinding'
          ? `${name}: only ${LOADER_OF_BINARY} loads the addon from the binary`
          : undefined,
    )(files),
  ],

  'only the loader for Node.js knows Node.js': (files) => [
    ...eachImport(({ path }, { specifier, kind }) =>
      path !== LOADER_FOR_NODE &&
      kind !== 'type' &&
      (isBuiltin(specifier) || specifier.startsWith('node:'))
        ? `${specifier} is not in the binary: only ${LOADER_FOR_NODE} knows Node.js`
        : undefined,
    )(files),
    ...eachMention(
      ({ mentions }) => mentions,
      ({ path }, { name }) =>
        path !== LOADER_FOR_NODE && GLOBALS_OF_NODE.some((pattern) => pattern.test(name))
          ? `${name} is not in the binary: only ${LOADER_FOR_NODE} knows Node.js`
          : undefined,
    )(files),
  ],

  'a package is loaded by one part': eachImport(({ path }, { specifier, kind }) => {
    if (/^(\.\.?\/|#|node:)/.test(specifier) || isBuiltin(specifier)) {
      return undefined;
    }
    const home = PACKAGE_HOMES[specifier];
    if (home === undefined) return `${specifier} is no dependency that the product may load`;
    if (kind === 'type' || partOf(path) === home) return undefined;
    return `${specifier} is loaded by ${home} alone`;
  }),

  'no module keeps state between calls': eachMention(
    ({ variables }) => variables,
    (_file, { name }) => `${name} can change between calls: pass it, or make it a constant`,
  ),

  'no file imports itself through others': (files) => findCycles(loadGraph(files)),

  'the commands that engines call often load neither validator nor plan': (files) => {
    const graph = loadGraph(files);
    return HOT_COMMANDS.flatMap((command) =>
      [...reachable(graph, command)]
        .filter(([path]) => TOO_HEAVY_FOR_HOT.test(path))
        .map(([path, via]) => `${command} loads ${path}: ${via.join(' → ')}`),
    );
  },

  'no file is too long to be read': (files) =>
    files
      .filter(({ lineCount }) => lineCount > MAXIMUM_LINES)
      .map(({ path, lineCount }) => `${path}: ${lineCount} lines, at most ${MAXIMUM_LINES}`),
};

type Graph = ReadonlyMap<string, readonly string[]>;

/** What is loaded with each file: not its types, and not what it loads when it gets there. */
function loadGraph(files: readonly SourceFile[]): Graph {
  return new Map(
    files.map((file) => [
      file.path,
      file.imports
        .filter(({ kind, specifier }) => kind === 'value' && isRelative(specifier))
        .map((imported) => targetOf(file.path, imported)),
    ]),
  );
}

/** Every file that is loaded with `start`, with the way from there. */
function reachable(graph: Graph, start: string): Map<string, string[]> {
  const ways = new Map<string, string[]>([[start, [start]]]);
  for (const [path, way] of ways) {
    for (const next of graph.get(path) ?? []) {
      if (!ways.has(next)) ways.set(next, [...way, next]);
    }
  }
  return ways;
}

function findCycles(graph: Graph): string[] {
  return [...graph].flatMap(([path, direct]) =>
    direct
      .map((next) => reachable(graph, next).get(path))
      .filter((way) => way !== undefined)
      .map((way) => [path, ...way])
      // A circle is found from each of its members: it is told once, from the first in the alphabet.
      .filter((way) => way.every((member) => member >= path))
      .map((way) => way.join(' → ')),
  );
}
